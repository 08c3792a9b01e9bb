/** Facts about the machine of a bench, for its JSON, because figures of two machines are not comparable. */
import { statfs } from 'node:fs/promises';
import { arch, availableParallelism, cpus, release, totalmem } from 'node:os';

/** Facts about the machine that influence the figures. */
export interface Machine {
  readonly platform: string;
  readonly release: string;
  readonly architecture: string;
  /** Number of processors that the bench may use. */
  readonly processors: number;
  readonly model: string;
  readonly memoryBytes: number;
  readonly node: string;
  /** Whether the bench's files are in memory, where fsync costs nothing; null where that is unknown. */
  readonly isDiskInMemory: boolean | null;
}

/** `f_type` of tmpfs on Linux (statfs(2)). */
const TMPFS = 0x01021994;

/** @param folder  where the servers' files are written */
export async function machineOf(folder: string): Promise<Machine> {
  return {
    platform: process.platform,
    release: release(),
    architecture: arch(),
    processors: availableParallelism(),
    model: cpus()[0]?.model ?? '',
    memoryBytes: totalmem(),
    node: process.versions.node,
    isDiskInMemory: process.platform === 'linux' ? (await statfs(folder)).type === TMPFS : null,
  };
}
