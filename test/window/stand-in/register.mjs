/** For `node --import`: the built main process then gets the stand-in as `electron`, and starts its programs as Electron does. */
import { register } from 'node:module';

register('./resolve-electron.mjs', import.meta.url);
Object.defineProperty(process.versions, 'electron', { value: '45.4.1' });
// Set on every system (shell/common/node_bindings.cc).
process.helperExecPath = process.execPath;
