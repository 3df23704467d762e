import type { LocalKeys } from '@paidan/local';
import { type Call, call as ordinaryCall, problemOf } from '../city/api.js';
import type { Complain } from '../city/log.js';

/** The officer of a unit who reads what no topic carries: a confidential text, over HTTP, under a name and for a purpose. */
export class ConfidentialReader {
  read = 0;
  private readonly tokens = new Map<string, Promise<string>>();

  constructor(
    private readonly departmentHandler: string,
    private readonly keys: LocalKeys,
    private readonly complain: Complain,
    private readonly call: Call = ordinaryCall,
  ) {}

  async fetch(unit: string, ticketId: string, path: string): Promise<void> {
    const token = this.tokens.get(unit) ?? this.keys.token({ sub: `${unit}-officer`, roles: ['officer'], unit });
    this.tokens.set(unit, token);
    try {
      const url = `${this.departmentHandler}${path}?purpose=${encodeURIComponent('办理')}`;
      const answer = await this.call(url, { authorization: `Bearer ${await token}` });
      if (answer.status === 200) this.read += 1;
      else this.complain(`${unit} could not read ticket ${ticketId}: ${answer.status} ${problemOf(answer).reason}`);
    } catch (error) {
      this.complain(`${unit} could not read ticket ${ticketId}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
