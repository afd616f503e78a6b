/**
 * The most frequent words of some languages, in normal form. They are not indexed, and a query of nothing else has no
 * results. A list must not lose or change words while an index made with it is in use: raise TOKENIZER with it.
 */
const lists = {
  en: `the be to of and a in that have i it for not on with he as you do at this but his by from they we say her she or an
    will my one all would there their what so up out if about who get which go me when make can like time no just him know
    take people into year your good some could them see other than then now look only come its over think also back after
    use two how our work first well way even new want because any these give day most us is are was were been has had did`,
  de: `der die und in den von zu das mit sich des auf fur ist im dem nicht ein eine als auch es an werden aus er hat dass sie
    nach wird bei einer um am sind noch wie einem uber einen so zum war haben nur oder aber vor zur bis mehr durch man sein
    wurde sei prozent hatte kann gegen vom konnen schon wenn habe seine mark ihre dann unter wir soll ich eines jahr zwei
    diese dieser wieder keine seiner worden will zwischen immer was sagte`,
  fr: `de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont la ou avec son aux d l
    cette ces ont ses mais comme on tout nous sa aussi leur bien peut ils y si meme sans deux elle entre etre fait lui dont
    apres tous encore faire moins avoir avant je vous mon j c s n qu ai as tu te moi toi`,
  es: `de la que el en y a los se del las un por con no una su para es al lo como mas o pero sus le ha me si sin sobre este ya
    entre cuando todo esta ser son dos tambien fue habia era muy anos hasta desde mi porque que solo han yo hay vez puede
    todos asi nos ni parte tiene el uno donde bien tiempo mismo ese ahora cada e vida otro despues te otros aunque esa`,
} as const;

/** A language of the setting `search.stopWords`. */
export type StopLanguage = keyof typeof lists;
export const stopLanguages = Object.keys(lists) as readonly StopLanguage[];

/** The stop words of these languages together. */
export const stopWordsOf = (languages: readonly StopLanguage[]): ReadonlySet<string> =>
  new Set(languages.flatMap((language) => lists[language].split(/\s+/u)));
