/** The real network with a bug: SIGUSR2 makes it throw an exception that no code catches. */
import '../../../src/network/index.ts';

process.once('SIGUSR2', () => {
  throw new Error('a bug');
});
