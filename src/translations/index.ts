/**
 * The texts a person reads, in every language, from the files in resources/words. A file holds topics, and a topic holds
 * texts: `caption.vote-denied` is the text `vote-denied` of the topic `caption`. Both languages of a text stand beside
 * each other, so a text without a translation does not compile.
 */
import asked from '../../resources/words/asked.json';
import caption from '../../resources/words/caption.json';
import cluster from '../../resources/words/cluster.json';
import command from '../../resources/words/command.json';
import crash from '../../resources/words/crash.json';
import error from '../../resources/words/error.json';
import event from '../../resources/words/event.json';
import eventList from '../../resources/words/event-list.json';
import experiment from '../../resources/words/experiment.json';
import face from '../../resources/words/face.json';
import fault from '../../resources/words/fault.json';
import folder from '../../resources/words/folder.json';
import graphs from '../../resources/words/graphs.json';
import header from '../../resources/words/header.json';
import judge from '../../resources/words/judge.json';
import keys from '../../resources/words/keys.json';
import log from '../../resources/words/log.json';
import menu from '../../resources/words/menu.json';
import reason from '../../resources/words/reason.json';
import runs from '../../resources/words/runs.json';
import scenario from '../../resources/words/scenario.json';
import server from '../../resources/words/server.json';
import settings from '../../resources/words/settings.json';
import stage from '../../resources/words/stage.json';
import start from '../../resources/words/start.json';
import terminal from '../../resources/words/terminal.json';
import terminalBench from '../../resources/words/terminal-bench.json';
import terminalCheck from '../../resources/words/terminal-check.json';
import terminalDoctor from '../../resources/words/terminal-doctor.json';
import terminalProof from '../../resources/words/terminal-proof.json';
import terms from '../../resources/words/terms.json';
import why from '../../resources/words/why.json';

export const LANGUAGES = ['en', 'zh-CN'] as const;
export type Language = (typeof LANGUAGES)[number];

/** One text in every language. */
export type Text = Readonly<Record<Language, string>>;

/** A text, or texts by key. */
export type Texts = Text | { readonly [key: string]: Texts };

/** The same keys with the texts of one language. */
type InOneLanguage<Node> = Node extends Text ? string : { readonly [Key in keyof Node]: InOneLanguage<Node[Key]> };

/** Every topic; the terminal's texts are spread over several files. */
const TOPICS = {
  ...asked,
  ...caption,
  ...cluster,
  ...command,
  ...crash,
  ...error,
  ...event,
  ...eventList,
  ...experiment,
  ...face,
  ...fault,
  ...folder,
  ...graphs,
  ...header,
  ...judge,
  ...keys,
  ...log,
  ...menu,
  ...reason,
  ...runs,
  ...scenario,
  ...server,
  ...settings,
  ...stage,
  ...start,
  ...terms,
  ...why,
  terminal: {
    ...terminal.terminal,
    ...terminalBench.terminal,
    ...terminalCheck.terminal,
    ...terminalDoctor.terminal,
    ...terminalProof.terminal,
  },
} satisfies Texts;

/** Every text of one language, by topic and key. */
export type Translations = InOneLanguage<typeof TOPICS>;

/** All texts, by language. */
export const TRANSLATIONS: Readonly<Record<Language, Translations>> = {
  en: textsIn('en', TOPICS),
  'zh-CN': textsIn('zh-CN', TOPICS),
};

/** The language for the first of the preferred locales: Simplified Chinese for every Chinese locale, else English. */
export function languageFor(locales: readonly string[]): Language {
  return locales[0]?.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}

function textsIn<Node extends Texts>(language: Language, texts: Node): InOneLanguage<Node>;
function textsIn(language: Language, texts: Texts): unknown {
  if (isText(texts)) return texts[language];
  return Object.fromEntries(Object.entries(texts).map(([key, inner]) => [key, textsIn(language, inner)]));
}

/** No key of a topic is the name of a language. */
function isText(texts: Texts): texts is Text {
  return typeof texts.en === 'string';
}
