import type { Refusal } from '../refusal.ts';

/**
 * What a part is to its inspection. `opaque` parts are pictures and printer settings: there is no text in them that could
 * be taken out. `font` parts are shapes of glyphs.
 */
export type PartKind = 'relationships' | 'xml' | 'opaque' | 'font' | 'active' | 'external' | 'embedded';

/** By content type, in lower case; the first that fits. What fits none is taken for an embedded file. */
const KINDS: readonly (readonly [pattern: RegExp, kind: PartKind])[] = [
  [/^application\/vnd\.openxmlformats-package\.relationships\+xml$/, 'relationships'],
  [/macro|vba|activex|dialogsheet|usercustomization|attachedtoolbars|controlproperties/, 'active'],
  [/externallink|connections\+xml|querytable|volatiledependencies|webextension|model\+data|customdata/, 'external'],
  [/oleobject|openxmlformats-officedocument\.package|afchunk|\.template\./, 'embedded'],
  [/^image\//, 'opaque'],
  [/printersettings|digital-signature-origin/, 'opaque'],
  [/obfuscatedfont|^application\/x-font|^font\//, 'font'],
  [/^(?:application|text)\/xml$|\+xml$|vmldrawing$/, 'xml'],
];

/** Embedded documents come under the content types of whole documents, such as a workbook's within a chart. */
export function kindOf(contentType: string): PartKind {
  return KINDS.find(([pattern]) => pattern.test(contentType))?.[1] ?? 'embedded';
}

const REFUSED_RELATIONSHIPS: readonly (readonly [pattern: RegExp, refusal: Refusal])[] = [
  [/\/(?:vbaProject|control|activeXControlBinary|xlMacrosheet|xlIntlMacrosheet|dialogsheet|ctrlProp)$/i, 'macros'],
  [/\/(?:oleObject|package|aFChunk|attachedToolbars)$/i, 'embedded'],
  [
    /\/(?:externalLink|externalLinkPath|attachedTemplate|subDocument|frame|connections|queryTable|mailMerge\w*|webextension)$/i,
    'external',
  ],
];

/** Why a relationship of this type is refused; `undefined` where it is not. Only links may lead out of the file. */
export function refusedRelationship(type: string, isExternal: boolean): Refusal | undefined {
  const refusal = REFUSED_RELATIONSHIPS.find(([pattern]) => pattern.test(type))?.[1];
  return refusal ?? (isExternal && !/\/hyperlink$/i.test(type) ? 'external' : undefined);
}
