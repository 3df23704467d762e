/** Broker settings that are ours rather than Kafka's, for the embedded broker and for the container alike. */
export const brokerSettings: Readonly<Record<string, string>> = {
  'auto.create.topics.enable': 'false',
  'offsets.topic.replication.factor': '1',
  'offsets.topic.num.partitions': '4',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'min.insync.replicas': '1',
  // The outbox row is deleted on the acknowledgement, and there is no second replica: the log has to be on the disk before it.
  'log.flush.interval.messages': '1',
  // The default waits 3 s for more members of a new group; locally and in tests the group is complete at once.
  'group.initial.rebalance.delay.ms': '0',
  'message.max.bytes': '1048588',
  'log.retention.hours': '720',
  'delete.topic.enable': 'true',
  // A city has some 150 partitions. At Kafka's 10 MB a partition's two index files of the active segment would be 3 GB of sparse files.
  'log.index.size.max.bytes': '1048576',
  // One small topic is compacted; the default buffer is 128 MB of heap.
  'log.cleaner.threads': '1',
  'log.cleaner.dedupe.buffer.size': '4194304',
  'num.network.threads': '2',
  'num.io.threads': '4',
  'background.threads': '2',
  'num.replica.fetchers': '1',
  'num.recovery.threads.per.data.dir': '2',
  'group.coordinator.threads': '1',
  // After a kill the controller takes the broker for a double of itself until the old session ends: at Kafka's 9 s a restart takes 13 s.
  'broker.session.timeout.ms': '3000',
  'broker.heartbeat.interval.ms': '1000',
  // A note in the metadata log that nothing happened, each with a flush; at Kafka's two a second they are half of what an idle broker costs.
  'metadata.max.idle.interval.ms': '5000',
};

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
  readonly controllerPort: number;
  readonly logDir: string;
}

/** The text of server.properties for one node that is broker and controller. */
export function serverProperties({ host, port, controllerPort, logDir }: BrokerAddress): string {
  const all = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@${host}:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    listeners: `PLAINTEXT://${host}:${port},CONTROLLER://${host}:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://${host}:${port}`,
    'log.dirs': logDir,
    ...brokerSettings,
  };
  return Object.entries(all)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** log4j2: warnings and worse to the standard output, which goes to the log file. A quiet broker writes nothing while it works. */
export const loggingProperties = `status = error
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = [%d] %p %m (%c)%n
rootLogger.level = warn
rootLogger.appenderRef.out.ref = out
`;
