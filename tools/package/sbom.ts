import { runNpm } from './installed-tree.ts';
import type { ArchivedFile } from './zip.ts';

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly externalReferences?: readonly { readonly type: string }[];
}

interface Bom {
  readonly serialNumber?: string;
  readonly metadata: { readonly timestamp?: string; readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

/**
 * What a bundle is made of, in CycloneDX JSON: npm's own account of the installed tree, less the packages that are not
 * among `files`. Without its serial number, its time and the registry's addresses it is the same for the same commit.
 */
export function toSbom(directory: string, files: readonly ArchivedFile[]): ArchivedFile {
  const bom: Bom = JSON.parse(runNpm(directory, ['sbom', '--sbom-format=cyclonedx', '--omit=dev', '--loglevel=error']));
  const { serialNumber: _serial, metadata, components, dependencies, ...rest } = bom;
  const { timestamp: _time, component, ...stated } = metadata;
  const left = components.filter(({ name }) => !files.some(({ path }) => isOf(path, name)));
  const absent = new Set(left.map((component) => component['bom-ref']));
  const sbom = {
    ...rest,
    // npm calls it by the directory, which is another one each time.
    metadata: { ...stated, component: { ...component, name: component['bom-ref'].replace(/@[^@]*$/, '') } },
    components: components.filter((component) => !absent.has(component['bom-ref'])).map(withoutAddresses),
    dependencies: dependencies
      .filter(({ ref }) => !absent.has(ref))
      .map((each) => ({ ...each, dependsOn: each.dependsOn?.filter((ref) => !absent.has(ref)) })),
  };
  return { path: 'sbom.cdx.json', bytes: Buffer.from(`${JSON.stringify(sbom, null, 1)}\n`) };
}

function isOf(path: string, name: string): boolean {
  return path.startsWith(`node_modules/${name}/`) || path.includes(`/node_modules/${name}/`);
}

function withoutAddresses(component: Component): Component {
  return {
    ...component,
    externalReferences: component.externalReferences?.filter(({ type }) => type !== 'distribution') ?? [],
  };
}
