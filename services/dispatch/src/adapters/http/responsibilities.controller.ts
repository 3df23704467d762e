import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Refuses, Roles } from '@paidan/service-host';
import { ActiveDirectory } from '../../application/active-directory.js';
import { codeOfResponsibility } from '../../domain/directory-changes.js';
import { toldPeriod } from '../../domain/directory-entries.js';
import { responsibleFor, type Responsibility } from '../../domain/routing/responsibilities.js';
import { byAdminCode } from '../../domain/where/by-admin-code.js';
import { dispatchError } from '../../errors.js';
import { MailboxesPage, ResponsibilitiesPage, ResponsibleShown, type ResponsibilityShown } from './directory-answers.js';
import { MailboxesQuery, ResponsibilitiesQuery, ResponsibleQuery } from './directory-shapes.js';

const PAGE = 200;

/** A page of what is in order of its codes, and where the next one begins. */
const pageOf = <Entry extends { readonly code: string }>(entries: readonly Entry[], after: string | undefined, limit: number) => {
  const rest = entries.filter(({ code }) => after === undefined || code > after).sort((a, b) => (a.code < b.code ? -1 : 1));
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return { page, ...(rest.length > limit && last !== undefined ? { next: last.code } : {}) };
};

const shown = (entry: Responsibility): ResponsibilityShown => ({ code: codeOfResponsibility(entry), ...toldPeriod(entry) });

@ApiTags('directory')
@Roles('dispatcher', 'supervisor', 'operator')
@Controller('v1')
export class ResponsibilitiesController {
  constructor(private readonly active: ActiveDirectory) {}

  @Get('responsibilities')
  @ApiOperation({ summary: '职责分工: where it is not the catalogue that says who handles a matter' })
  @ApiOkResponse({ type: ResponsibilitiesPage, description: 'Entries of all times, by code; `next` is the `after` of the next page' })
  responsibilities(@Query() { matter, area, after, limit = PAGE }: ResponsibilitiesQuery): ResponsibilitiesPage {
    const { version, responsibilities } = this.active.directory;
    const found = responsibilities.filter(
      (entry) => (matter ?? entry.matter) === entry.matter && (area === undefined || area === entry.area),
    );
    const { page, ...next } = pageOf(found.map(shown), after, limit);
    return { version, responsibilities: page, ...next };
  }

  @Get('responsible')
  @Refuses('unknown-matter')
  @ApiOperation({ summary: 'Who handles a matter in an area at a time, and which entry says so' })
  @ApiOkResponse({ type: ResponsibleShown })
  responsible(@Query() { matter: code, area, at }: ResponsibleQuery): ResponsibleShown {
    const { directory } = this.active;
    const matter = directory.matterByCode.get(code);
    if (matter === undefined) throw dispatchError('unknown-matter', `matter ${code}`, { extensions: { matter: code } });
    const when = at === undefined ? this.active.now() : Date.parse(at);
    const place = area === undefined ? undefined : byAdminCode(directory, area);
    const { lead, coHandlers, entry } = responsibleFor(directory, matter, place, when);
    return { version: directory.version, lead, coHandlers, ...(entry === undefined ? {} : { entry: shown(entry) }) };
  }

  @Get('mailboxes')
  @ApiOperation({ summary: '信箱: leaders’ mailboxes and the units they are bound to' })
  @ApiOkResponse({ type: MailboxesPage, description: 'By code; `next` is the `after` of the next page' })
  mailboxes(@Query() { unit, after, limit = PAGE }: MailboxesQuery): MailboxesPage {
    const { version, mailboxes } = this.active.directory;
    const bound = [...mailboxes.values()].filter((mailbox) => unit === undefined || unit === mailbox.unit);
    const { page, ...next } = pageOf(bound, after, limit);
    return { version, mailboxes: page.map(toldPeriod), ...next };
  }
}
