/**
 * For `node --import`: gives the built main process the stand-in as `electron`, and the variable with which it starts
 * programs as Electron does.
 */
import { register } from 'node:module';

register('./resolve-electron.mjs', import.meta.url);
Object.defineProperty(process.versions, 'electron', { value: '45.4.1' });
// Electron sets it on every system (shell/common/node_bindings.cc).
process.helperExecPath = process.execPath;
