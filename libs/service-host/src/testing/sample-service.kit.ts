import { Body, Controller, Get, Header, HttpCode, Inject, Module, Param, Post, Query, type OnApplicationShutdown } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Matches, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { assertChannel, Channel, CurrentCaller, Public, Roles } from '../auth/access.js';
import type { Caller } from '../auth/caller.js';
import { mintApiKey, mintSigningKey } from '../auth/mint.js';
import { LOGGER, startService, type RunningService, type ServiceOptions } from '../bootstrap.js';
import { loadConfig } from '../config.js';
import { hostSettings } from '../host-config.js';
import { createLogger, type Logger } from '../logging/logger.js';
import { currentTraceparent } from '../tracing.js';

/* A small service for the host's own specs: every kind of route, no database. */

class SampleContact {
  @IsString() @Length(1, 60) name!: string;
  @Matches(/^1[3-9]\d{9}$/, { context: { zh: '手机号码格式不对' } }) phone!: string;
}
export class SampleSubmission {
  @IsString() @Length(1, 64) externalId!: string;
  @IsString() @MaxLength(20_000) text!: string;
  @IsOptional() @ValidateNested() contact?: SampleContact;
}
class SampleQuery {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(100) limit?: number;
}
class SampleAnswer {
  @IsString() ticketId!: string;
}

@Controller('v1')
export class SampleController {
  /** What handlers were given. */
  static readonly seen: unknown[] = [];

  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  @Public()
  @Post('open')
  @HttpCode(202)
  @ApiOkResponse({ type: SampleAnswer })
  open(@Body() body: SampleSubmission): SampleAnswer {
    SampleController.seen.push(body);
    return { ticketId: body.externalId };
  }

  @Channel()
  @Post('submissions')
  submit(@Body() body: SampleSubmission, @CurrentCaller() caller: Caller): { by: Caller; externalId: string } {
    return { by: caller, externalId: body.externalId };
  }

  @Channel({ param: 'channel' })
  @Get('channels/:channel')
  channel(@Param('channel') channel: string): { channel: string } {
    return { channel };
  }

  @Channel()
  @Get('asserted')
  asserted(@CurrentCaller() caller: Caller): { ok: true } {
    assertChannel(caller, 'web');
    return { ok: true };
  }

  @Roles('officer', 'approver')
  @Get('work')
  work(@CurrentCaller() caller: Caller): Caller {
    return caller;
  }

  @Channel()
  @Roles('operator')
  @Get('either')
  either(): { ok: true } {
    return { ok: true };
  }

  @Get('undecorated')
  undecorated(): { ok: true } {
    return { ok: true };
  }

  @Public()
  @Get('list')
  list(@Query() query: SampleQuery): { limit: unknown } {
    return { limit: query.limit };
  }

  @Public()
  @Get('tickets/:id')
  ticket(@Param('id') id: string): { id: string } {
    return { id };
  }

  @Public()
  @Get('fails/:how')
  fails(@Param('how') how: string): never {
    const failures: Record<string, () => unknown> = {
      bug: () => new TypeError("Cannot read properties of undefined (reading '张三 13800000000')"),
      parked: () =>
        Object.assign(new Error('ticket 1 is parked'), { code: 'ticket-parked', retryable: true, extensions: { ticketId: '1' } }),
      stale: () => Object.assign(new Error('version 3 is not current'), { code: 'stale-command', status: 409, extensions: { current: 4 } }),
      database: () => Object.assign(new Error('10.0.0.3:5432 refused'), { code: 'database-unavailable', status: 503, retryable: true }),
      sql: () => Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (phone)=(13800000000) already exists.' }),
      busy: () => Object.assign(new Error('slow down'), { code: 'too-many-requests', status: 429, extensions: { retryAfterSeconds: 7 } }),
    };
    throw failures[how]?.();
  }

  @Public()
  @Get('slow/:ms')
  async slow(@Param('ms') ms: string): Promise<{ slept: string }> {
    this.logger.info('sleeping');
    await sleep(Number(ms));
    return { slept: ms };
  }

  @Public()
  @Post('traced')
  @Header('x-handled', 'yes')
  async traced(@Body() _body: SampleSubmission): Promise<{ traceparent: string | undefined }> {
    await sleep(1);
    this.logger.info('in the handler');
    return { traceparent: currentTraceparent() };
  }
}

@Module({ controllers: [SampleController] })
export class SampleModule implements OnApplicationShutdown {
  static events: string[] = [];
  onApplicationShutdown(): void {
    SampleModule.events.push('hooks');
  }
}

export interface Sample {
  readonly service: RunningService;
  readonly url: string;
  readonly lines: () => string;
  readonly key: string;
  readonly phoneKey: string;
  readonly revokedKey: string;
  readonly keysFile: string;
  readonly jwksFile: string;
  readonly revokedFile: string;
  readonly privateJwk: ReturnType<typeof mintSigningKey>['privateJwk'];
}

/** Starts it on free ports, with keys for the channels web and phone and a signing key. */
export const startSample = async (
  environment: NodeJS.ProcessEnv = {},
  more: Partial<Pick<ServiceOptions, 'exporter' | 'health' | 'module' | 'strategies'>> = {},
): Promise<Sample> => {
  const folder = mkdtempSync(join(tmpdir(), 'host-'));
  const [web, phone, revoked] = [mintApiKey('web'), mintApiKey('phone'), mintApiKey('web')];
  const keysFile = join(folder, 'keys.json');
  writeFileSync(keysFile, JSON.stringify({ keys: [web.entry, phone.entry, { ...revoked.entry, revokedAt: '2026-11-01T00:00:00Z' }] }));
  const { privateJwk, keySet } = mintSigningKey();
  const jwksFile = join(folder, 'jwks.json');
  writeFileSync(jwksFile, JSON.stringify(keySet));
  const revokedFile = join(folder, 'revoked-tokens.json');
  writeFileSync(revokedFile, JSON.stringify({ revoked: [] }));
  let out = '';
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      out += chunk.toString();
      done();
    },
  });
  const config = loadConfig(hostSettings({ port: 0, metricsPort: 0 }), {
    env: {
      PAIDAN_HOST: '127.0.0.1',
      PAIDAN_API_KEYS_FILE: keysFile,
      PAIDAN_JWKS_FILE: jwksFile,
      PAIDAN_REVOKED_TOKENS_FILE: revokedFile,
      PAIDAN_LOG_LEVEL: 'debug',
      ...environment,
    },
  });
  const service = await startService({
    name: 'sample',
    module: SampleModule,
    config,
    problems: { 'stale-command': { status: 409, title: 'The decision has changed', titleZh: '工单已被更新，请刷新' } },
    logger: createLogger({ service: 'sample', level: config.logLevel, destination: sink }),
    ...more,
  });
  const stop = (signal?: string): Promise<void> => service.stop(signal).finally(() => rmSync(folder, { recursive: true, force: true }));
  return {
    service: { ...service, stop },
    url: service.url,
    lines: () => out,
    key: web.key,
    phoneKey: phone.key,
    revokedKey: revoked.key,
    keysFile,
    jwksFile,
    revokedFile,
    privateJwk,
  };
};

/** A request whose answer is JSON. */
export const call = async (
  url: string,
  init: RequestInit = {},
): Promise<{ readonly status: number; readonly headers: Headers; readonly body: Record<string, unknown> }> => {
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
};

/** POST of a JSON body. */
export const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  call(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
