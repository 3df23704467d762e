import { JSONSchema } from 'class-validator-jsonschema';
import { Flag, Maybe, Text, Whole } from './fields.js';

/** 评价 of one reply. What the citizen doesn't say is left out: it is not the same as no. */
@JSONSchema({ description: '评价: what the citizen says of one reply; once per round' })
export class RatingV1 {
  @Whole(1, 10_000, 'number of the reply that is judged, as delivered') round!: number;
  @Whole(1, 5, '非常不满意 1 … 非常满意 5') stars!: number;
  @Maybe() @Flag('是否解决') resolved?: boolean;
  @Maybe() @Flag('是否满意; without it two stars and fewer are unsatisfied') satisfied?: boolean;
  @Maybe() @Flag('是否及时') onTime?: boolean;
  @Maybe() @Text(1, 2000, '意见') comment?: string;
}

@JSONSchema({ description: '查询: the citizen asks after a ticket' })
export class TrackingV1 {
  @Text(1, 40, '工单编号, like 20261122-000123') number!: string;
  @Text(1, 40, '查询码; blanks, hyphens and lower case are forgiven') queryCode!: string;
}

@JSONSchema({ description: '评价 by the citizen: number and query code prove whose ticket it is' })
export class TrackedRatingV1 extends RatingV1 {
  @Text(1, 40, '工单编号') number!: string;
  @Text(1, 40, '查询码') queryCode!: string;
}
