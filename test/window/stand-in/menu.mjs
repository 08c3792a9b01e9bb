/** `Menu` of the stand-in: checks a template as Electron does, and lets tests find and click its items. */

const ROLES = new Set(
  `undo redo cut copy paste pasteAndMatchStyle delete selectAll reload forceReload toggleDevTools resetZoom zoomIn zoomOut
  toggleSpellChecker togglefullscreen window minimize close help about services hide hideOthers unhide quit
  showSubstitutions toggleSmartQuotes toggleSmartDashes toggleTextReplacement startSpeaking stopSpeaking zoom front appMenu
  fileMenu editMenu viewMenu shareMenu recentDocuments toggleTabBar selectNextTab selectPreviousTab showAllTabs
  mergeAllWindows clearRecentDocuments moveTabToNewWindow windowMenu`
    .toLowerCase()
    .split(/\s+/),
);
const TYPES = new Set(['normal', 'separator', 'submenu', 'checkbox', 'radio', 'header', 'palette']);

export class MenuItem {
  constructor(options) {
    const { role, label, type = options.submenu === undefined ? 'normal' : 'submenu', submenu } = options;
    if (role !== undefined && !ROLES.has(role.toLowerCase())) throw new Error(`Unknown role: ${role}`);
    if (!TYPES.has(type)) throw new Error(`Unknown menu item type: ${type}`);
    if (label === undefined && role === undefined && type !== 'separator') {
      throw new Error('Invalid template for MenuItem: must have label, role or type');
    }
    if (type === 'submenu' && submenu === undefined) throw new Error('Invalid submenu');
    Object.assign(this, { enabled: true, visible: true, checked: false }, options, { type });
    if (Array.isArray(submenu)) this.submenu = Menu.buildFromTemplate(submenu);
    const act = options.click;
    // As in Electron, `click` on the object ignores `enabled` and `visible`.
    this.click = (event, window) => {
      if (type === 'checkbox' || type === 'radio') this.checked = !this.checked;
      act?.(this, window, event);
    };
  }
}

export class Menu {
  static #shown = null;
  items;

  constructor(items = []) {
    this.items = items;
  }
  static buildFromTemplate(template) {
    if (!Array.isArray(template)) throw new TypeError('Invalid template for Menu: Menu template must be an array');
    return new Menu(template.map((item) => (item instanceof MenuItem ? item : new MenuItem(item))));
  }
  static setApplicationMenu(menu) {
    if (menu !== null && !(menu instanceof Menu)) throw new TypeError('Invalid menu');
    Menu.#shown = menu;
  }
  static getApplicationMenu() {
    return Menu.#shown;
  }
  /** @returns {MenuItem | null} the item with this id, at any depth */
  getMenuItemById(id) {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id);
      if (found) return found;
    }
    return null;
  }
  append(item) {
    this.items.push(item);
  }
  popup() {}
}
