import type { Content, Integration, Words } from '@paidan/contracts';

/** A unit of the active directory. */
export interface Unit {
  readonly code: string;
  readonly name: string;
  readonly parent: string | null;
  readonly level: number;
  readonly integration: Integration;
  readonly active: boolean;
}

export interface Directory {
  /** 0 before any version has been published. */
  readonly version: number;
  readonly units: ReadonlyMap<string, Unit>;
}

export interface WorkPolicy {
  /** The first extension of an assignment up to so many working days is granted by rule; 0: a person decides on each. */
  readonly extensionByRule: number;
}

/** What decisions need beside the record. */
export interface Facts {
  readonly policy: WorkPolicy;
  readonly directory: Directory;
  /** The citizen's text as it was registered: in the clear, or sealed. */
  readonly content: (ticketId: string) => Content | undefined;
  /** Text of a reply by the id of the command that submitted it. */
  readonly replyWords: (commandId: string) => Words | undefined;
  /** Seals a text about a ticket that is not open. */
  readonly seal: (text: string, ticketId: string) => Words;
}
