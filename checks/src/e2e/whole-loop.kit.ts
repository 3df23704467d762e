import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Who } from './city.kit.js';

export const officerOf = (unit: string): Who => ({ sub: `officer-of-${unit}`, roles: ['officer'], unit });

export const appeal = (externalId: string) => ({
  externalId,
  appealType: 'complaint',
  title: '夜间施工噪声扰民',
  text: '工地夜间施工，施工噪声很大，夜间施工到凌晨两点，老人无法入睡。',
  place: { adminCode: '990102' },
});

/** A channel's system that answers as it is told, and counts what comes. */
export class Stubborn {
  readonly paths: string[] = [];

  private constructor(private readonly server: Server) {}

  /** @param answer is given the path and how often it was asked before */
  static async open(answer: (path: string, before: number, response: ServerResponse) => void): Promise<Stubborn> {
    const server = createServer();
    const stubborn = new Stubborn(server);
    server.on('request', (request: IncomingMessage, response) => {
      const path = request.url ?? '';
      const before = stubborn.paths.filter((one) => one === path).length;
      stubborn.paths.push(path);
      request.resume().on('end', () => {
        answer(path, before, response);
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return stubborn;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}
