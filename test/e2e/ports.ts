/**
 * Ports of this machine on which a process listens, read from the kernel's tables. Linux only; empty on other systems.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const LISTENING = '0A';

/** Returns the ports of 127.0.0.1, or of any address, on which this process listens, sorted. */
export function listeningPorts(pid: number): readonly number[] {
  if (process.platform !== 'linux') return [];
  const inodes = new Set(socketsOf(pid));
  const rows = ['tcp', 'tcp6'].flatMap((name) => readFileSync(`/proc/${pid}/net/${name}`, 'utf8').split('\n').slice(1));
  const ports = rows.flatMap((row) => {
    const [, local = '', , state, , , , , , inode = ''] = row.trim().split(/\s+/);
    return state === LISTENING && inodes.has(inode) ? [Number.parseInt(local.split(':')[1] ?? '', 16)] : [];
  });
  return [...new Set(ports)].sort((a, b) => a - b);
}

function socketsOf(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${name}`))?.[1] ?? [];
    } catch {
      // The file was closed after it was listed.
      return [];
    }
  });
}
