/**
 * The settings of this computer: their type, their defaults, and the check of values from a file or a page. A bad value is
 * replaced by its default; the others are kept.
 */
import * as v from 'valibot';

/** The languages of the program. */
export type Language = 'en' | 'zh-CN';

/** The choices of a person; `system` follows the system's own setting. */
export const WINDOW_THEMES = ['light', 'dark', 'system'] as const;
export type WindowTheme = (typeof WINDOW_THEMES)[number];

/** The settings of one computer. */
export interface Settings {
  /** `system`: the person's first preferred language in the system's settings. */
  readonly language: Language | 'system';
  readonly theme: WindowTheme;
  /** Absolute folder of the recordings from the next start on; null for the usual one. */
  readonly dataFolder: string | null;
  /** Whether the window draws with the graphics card, from the next start on. */
  readonly hardwareAcceleration: boolean;
  /** Whether the computer is kept awake while a scenario plays. */
  readonly keepAwake: boolean;
}

/** The settings a page may change. The folder is not among them: only a dialog of the system chooses one. */
export type SettingsChange = Partial<Omit<Settings, 'dataFolder'>>;

export const DEFAULT_SETTINGS: Settings = {
  language: 'system',
  theme: 'system',
  dataFolder: null,
  hardwareAcceleration: true,
  keepAwake: true,
};

const PAGE_FIELDS = {
  language: v.picklist(['system', 'en', 'zh-CN']),
  theme: v.picklist(WINDOW_THEMES),
  hardwareAcceleration: v.boolean(),
  keepAwake: v.boolean(),
};

const FIELDS: { readonly [Name in keyof Settings]: v.GenericSchema<unknown, Settings[Name]> } = {
  ...PAGE_FIELDS,
  dataFolder: v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(4_096))),
};

/** Checks settings from a file. `bad` names the fields with an unusable value, or `file` when the value is not an object. */
export function parseSettings(value: unknown): { readonly settings: Settings; readonly bad: readonly string[] } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { settings: DEFAULT_SETTINGS, bad: ['file'] };
  }
  const given = new Map(Object.entries(value));
  const bad: string[] = [];
  const settings: Record<string, unknown> = { ...DEFAULT_SETTINGS };
  for (const [name, schema] of Object.entries(FIELDS)) {
    if (!given.has(name)) continue;
    const parsed = v.safeParse(schema, given.get(name));
    if (parsed.success) settings[name] = parsed.output;
    else bad.push(name);
  }
  return { settings: settings as unknown as Settings, bad };
}

const change = v.strictObject({
  language: v.exactOptional(PAGE_FIELDS.language),
  theme: v.exactOptional(PAGE_FIELDS.theme),
  hardwareAcceleration: v.exactOptional(PAGE_FIELDS.hardwareAcceleration),
  keepAwake: v.exactOptional(PAGE_FIELDS.keepAwake),
});

/** Checks a change that a page asks for; null when it is not valid. */
export function parseSettingsChange(value: unknown): SettingsChange | null {
  const parsed = v.safeParse(change, value);
  return parsed.success ? parsed.output : null;
}
