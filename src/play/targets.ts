/** Servers by their present role: `leader`, `follower`, `minority`, … as numbers, drawn at random where several fit. */
import type { Value } from '../core/scenario/index.ts';
import type { ClusterDriver } from './cluster-driver.ts';
import { ScenarioFailure } from './failure.ts';

/**
 * Returns the servers of a role; undefined for an unknown word.
 *
 * @throws ScenarioFailure unknown when no server has the role now
 */
export function serversNamed(word: string, cluster: ClusterDriver, chance: () => number): Value | undefined {
  const { servers } = cluster;
  const named = servers.indexOf(word);
  if (named >= 0) return named + 1;
  const all = servers.map((_, at) => at + 1);
  const isAlive = (server: number): boolean => cluster.isAlive(servers[server - 1] ?? '');
  const alive = all.filter(isAlive);
  switch (word) {
    case 'all':
      return all;
    case 'alive':
      return alive;
    case 'dead':
      return all.filter((server) => !isAlive(server));
    case 'leader': {
      const leader = cluster.leader();
      return leader > 0 ? leader : nobody(word);
    }
    case 'follower':
      return (
        drawn(
          alive.filter((server) => server !== cluster.leader()),
          1,
          chance,
        )[0] ?? nobody(word)
      );
    case 'any':
      return drawn(alive, 1, chance)[0] ?? nobody(word);
    case 'minority':
      return drawn(all, Math.floor((all.length - 1) / 2), chance);
    case 'majority':
      return drawn(all, Math.floor(all.length / 2) + 1, chance);
    default:
      return undefined;
  }
}

/** Draws `count` different items at random; all of them when there are fewer. */
function drawn(from: readonly number[], count: number, chance: () => number): readonly number[] {
  const left = [...from];
  return Array.from({ length: Math.min(count, from.length) }, () =>
    left.splice(Math.floor(chance() * left.length), 1),
  ).flat();
}

function nobody(word: string): never {
  throw new ScenarioFailure('unknown', { en: `there is no ${word} now`, zh: `现在没有 ${word}` });
}
