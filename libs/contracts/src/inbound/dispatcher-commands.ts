import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, ValidateNested } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { RETURN_REFUSALS, UNLINK_GROUNDS, type ReturnRefusal, type UnlinkGround } from '../vocabulary.js';
import { Flag, Id, MatterField, Maybe, OneOf, Text, UnitField, Units, Whole } from './fields.js';

/** What dispatchers send to dispatch over HTTP: always with the decision they were looking at, so that a stale click gets 409 and the current state. */
export class OnDecisionV1 {
  @Id('made by the sender; the same order again gets the same answer, accepted or refused: a new attempt takes a new id')
  commandId!: string;
  @Whole(0, 1_000_000, 'number of the decision that the person was shown') decisionVersion!: number;
}

@JSONSchema({ description: '人工派单: assign a ticket that waits in the review queue' })
export class AssignByHand extends OnDecisionV1 {
  @UnitField('主办') unit!: string;
  @Maybe() @Units('协办') coHandlers?: string[];
  @Maybe() @Units('同送') copies?: string[];
  @Maybe() @MatterField('事项, when the person corrects it') matter?: string;
  @Maybe() @Flag('直接指定: may not be returned') designated?: boolean;
  @Text(1, 1000, '派单意见') reason!: string;
}

/** One ticket of many that get the same order. */
export class OneOfManyV1 extends OnDecisionV1 {
  @Id('the ticket') ticketId!: string;
}

@JSONSchema({ description: '批量派单: the same order about many tickets that wait, each answered for itself' })
export class AssignManyByHand {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => OneOfManyV1)
  tickets!: OneOfManyV1[];
  @Maybe() @UnitField('主办; without it, each ticket goes to the first candidate that was shown with it') unit?: string;
  @Maybe() @Units('协办') coHandlers?: string[];
  @Maybe() @Units('同送') copies?: string[];
  @Maybe() @MatterField('事项, when the person corrects it') matter?: string;
  @Maybe() @Flag('直接指定: may not be returned') designated?: boolean;
  @Text(1, 1000, '派单意见') reason!: string;
}

@JSONSchema({ description: '改派: take the assignment from its holder, if it still can be, and assign elsewhere' })
export class Reassign extends AssignByHand {
  @Whole(1, 10_000, 'number of the assignment to be released') assignment!: number;
}

@JSONSchema({ description: '认领, or the end of it: keep a waiting ticket for oneself while looking at it' })
export class ClaimTicket extends OnDecisionV1 {}

@JSONSchema({ description: '撤销派单: take back an assignment given a moment ago' })
export class UndoAssignment extends OnDecisionV1 {
  @Whole(1, 10_000, 'number of the assignment to be undone') assignment!: number;
}

@JSONSchema({ description: '同意退单' })
export class AcceptReturn extends OnDecisionV1 {
  @Whole(1, 10_000, 'number of the returned assignment') assignment!: number;
}

@JSONSchema({ description: '不同意退单: the unit keeps it' })
export class RefuseReturn extends OnDecisionV1 {
  @Whole(1, 10_000, 'number of the returned assignment') assignment!: number;
  @OneOf(RETURN_REFUSALS) reason!: ReturnRefusal;
  @Maybe() @Text(1, 1000, '意见') note?: string;
}

@JSONSchema({
  description: '并入主单: the same matter as another ticket’s; the work is done there, and the answer goes to this citizen, too',
})
export class LinkTicket extends OnDecisionV1 {
  @Id('the ticket that it is the same matter as; if that is under a master itself, its master is taken') master!: string;
}

@JSONSchema({ description: '解除并入: dispatched for itself again' })
export class UnlinkTicket extends OnDecisionV1 {
  @OneOf(UNLINK_GROUNDS) reason!: UnlinkGround;
  @Maybe() @Text(1, 1000, '意见') note?: string;
}

/** To department-handler, which owns the work item; the number of the extension says which request the person was looking at. */
@JSONSchema({ description: '延期审批: more time, or not' })
export class DecideExtension {
  @Id('made by the sender; the same order again gets the same answer, accepted or refused: a new attempt takes a new id')
  commandId!: string;
  @Whole(1, 10_000, 'number of the assignment within the ticket') assignment!: number;
  @Whole(1, 10_000, 'number of the extension within the assignment') extension!: number;
  @Flag('同意 true, 不同意 false') granted!: boolean;
  @Text(1, 1000, '意见; the unit is told') reason!: string;
}
