import type { Integration } from '@paidan/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Unit } from '../../domain/facts.js';

/** A unit of the directory in force. */
@Entity('unit')
export class UnitEntity implements Unit {
  @PrimaryColumn('text') code!: string;
  @Column('text') name!: string;
  @Column('text', { nullable: true }) parent!: string | null;
  @Column('smallint') level!: number;
  @Column('text') integration!: Integration;
  @Column('boolean') active!: boolean;
}
