/** What `/health/ready` answers, as far as it is looked at. */
export interface Readiness {
  readonly status: string;
  readonly sources: Readonly<Record<string, { readonly ok: boolean; readonly detail?: string }>>;
}

/** Whether the service says that its Kafka is another one. */
export const namesLoss = ({ sources }: Readiness): boolean =>
  Object.values(sources).some(({ ok, detail = '' }) => !ok && detail.includes('cluster-changed'));

/** Whether nothing is wrong with the service, in its own words. */
export const isWell = ({ status }: Readiness): boolean => status === 'ok';
