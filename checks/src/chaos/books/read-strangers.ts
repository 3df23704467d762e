import { decodeOutbound, headerOf, parseJson, parseTopic } from '@paidan/contracts';
import { isRecord, textOf } from '../../cast/city/api.js';
import { listed } from '../listed.js';
import { ACCEPTED, type OrderSeen } from '../load/witness.js';
import type { OfferSeen, Receipt, Unreadable } from './books.js';
import type { Stored } from './read-topics.js';

interface CommandWritten extends Omit<OrderSeen, 'answers'> {
  readonly answers: string[];
}

/** What lies on the topics of units and channels. */
export class Strangers {
  /** By `channel/externalId`: every text that was handed in, and every receipt. */
  readonly handedIn = new Map<string, Set<string>>();
  readonly receipts = new Map<string, Receipt[]>();
  readonly commands = new Map<string, CommandWritten>();
  /** Answers by the command's id; some are to commands said over HTTP, or to none. */
  readonly answers = new Map<string, string[]>();
  /** By `ticketId/assignment`. */
  readonly offers = new Map<string, OfferSeen[]>();
  readonly unreadable: Unreadable[] = [];

  readonly take = (stored: Stored): void => {
    const parsed = parseTopic(stored.topic);
    switch (parsed?.family) {
      case 'submissions':
        return this.submission(parsed.channel, stored);
      case 'commands':
        return this.command(stored);
      case 'receipts':
      case 'assignments':
        return this.told(stored);
      default:
        return undefined;
    }
  };

  private submission(channel: string, { value }: Stored): void {
    const parsed = parseJson(value);
    const said = parsed.ok && isRecord(parsed.json) ? parsed.json : {};
    const key = `${channel}/${textOf(said['externalId'])}`;
    this.handedIn.set(key, (this.handedIn.get(key) ?? new Set()).add(textOf(said['text'])));
  }

  private command({ value }: Stored): void {
    const parsed = parseJson(value);
    const said = parsed.ok && isRecord(parsed.json) ? parsed.json : {};
    const commandId = textOf(said['commandId']);
    if (this.commands.has(commandId)) return;
    this.commands.set(commandId, {
      commandId,
      service: 'department-handler',
      name: textOf(said['command']) as OrderSeen['name'],
      ticketId: textOf(said['ticketId']),
      assignment: Number(said['assignment']),
      answers: [],
    });
  }

  private told({ topic, partition, offset, value, headers }: Stored): void {
    const decoded = decodeOutbound(value);
    if (!decoded.ok) return void this.unreadable.push({ topic, partition, offset, reason: `${decoded.reason}: ${decoded.detail}` });
    const { message } = decoded;
    switch (message.type) {
      case 'submission.accepted': {
        const { channel, externalId, ticketId, number, queryCode } = message;
        return void listed(this.receipts, `${channel}/${externalId}`).push({ kind: 'accepted', ticketId, number, queryCode });
      }
      case 'submission.refused':
        return void listed(this.receipts, `${message.channel}/${message.externalId ?? ''}`).push({
          kind: 'refused',
          reason: message.reason,
        });
      case 'command.accepted':
        return void listed(this.answers, message.commandId).push(ACCEPTED);
      case 'command.refused':
        return void listed(this.answers, message.commandId ?? '').push(message.reason);
      case 'assignment.offered': {
        if (message.role !== 'lead') return undefined;
        const id = headerOf(headers, 'ce_id') ?? '';
        return void listed(this.offers, `${message.ticketId}/${message.assignment}`).push({ id, unit: message.unit });
      }
      default:
        return undefined;
    }
  }
}
