import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { isUuid } from '@paidan/kernel';
import { CurrentCaller, hostError, onlyUnitOf, Refuses, Roles, type PersonCaller } from '@paidan/service-host';
import { slaError } from '../../errors.js';
import { AccountabilityTable, type AccountabilityPlace } from '../postgres/accountability-table.js';
import { AccountabilityPage, AccountabilityQuery } from './shapes.js';

const PAGE = 100;

@ApiTags('accountability')
@Controller('v1/accountability')
export class AccountabilityController {
  constructor(private readonly table: AccountabilityTable) {}

  @Get()
  @Refuses('no-unit', 'not-your-ticket')
  @Roles('dispatcher', 'supervisor', 'operator', 'officer', 'approver')
  @ApiOperation({
    summary: '问责: red cards, oldest first, by unit and month',
    description: 'Officers and approvers see those of their own unit. A withdrawn card stays on the list and says so.',
  })
  @ApiOkResponse({ type: AccountabilityPage })
  async list(@Query() query: AccountabilityQuery, @CurrentCaller() caller: PersonCaller): Promise<AccountabilityPage> {
    const limit = query.limit ?? PAGE;
    const rows = await this.table.page({
      unit: unitAskedFor(query.unit, caller),
      between: query.month === undefined ? undefined : monthOf(query.month),
      after: placeOf(query.after),
      limit: limit + 1,
    });
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    return {
      items: items.map(({ dueAt, issuedAt, withdrawnAt, withdrawnBy, ...entry }) => ({
        ...entry,
        dueAt: dueAt.toISOString(),
        issuedAt: issuedAt.toISOString(),
        ...(withdrawnAt === null ? {} : { withdrawnAt: withdrawnAt.toISOString() }),
        ...(withdrawnBy === null ? {} : { withdrawnBy }),
      })),
      ...(rows.length > limit && last !== undefined ? { next: cursorOf(last) } : {}),
    };
  }
}

/** @throws PaidanError `no-unit`, `not-your-ticket` */
function unitAskedFor(asked: string | undefined, caller: PersonCaller): string | undefined {
  const unit = onlyUnitOf(caller);
  if (unit === undefined) return asked;
  if (asked !== undefined && asked !== unit) throw slaError('not-your-ticket', 'these are the cards of another unit');
  return unit;
}

const monthOf = (month: string): readonly [Date, Date] => {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const first = (m: number): Date => new Date(Date.UTC(year, m - 1, 1) - 8 * 3_600_000);
  return [first(number), first(number + 1)];
};

const cursorOf = ({ issuedAt, card }: AccountabilityPlace): string => Buffer.from(`${issuedAt.getTime()} ${card}`).toString('base64url');

/** @throws PaidanError `invalid-parameters` */
const placeOf = (cursor: string | undefined): AccountabilityPlace | undefined => {
  if (cursor === undefined) return undefined;
  const [at, card] = Buffer.from(cursor, 'base64url').toString().split(' ');
  if (at !== undefined && /^\d{1,15}$/.test(at) && isUuid(card)) return { issuedAt: new Date(Number(at)), card };
  const errors = [{ pointer: '/after', in: 'query', code: 'cursor', detail: 'is no `next` of a page', detailZh: '不是上一页给出的位置' }];
  throw hostError('invalid-parameters', '1 wrong', { extensions: { errors } });
};
