/** What the endpoints in some templates cost while nothing goes through them. */
export interface EndpointBill {
  readonly rows: readonly { readonly service: string; readonly zones: number; readonly monthlyUsd: number }[];
  readonly monthlyUsd: number;
}

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** US dollars for an hour of an interface endpoint in one zone: list price of us-east-1; other Regions are dearer. */
const HOURLY_USD = 0.01;
const HOURS_A_MONTH = 730;

/** The bill of templates: interface endpoints and those of OpenSearch Serverless, each zone once; gateways cost nothing. */
export function endpointBill(
  templates: readonly { readonly Resources?: Readonly<Record<string, Resource>> }[],
): EndpointBill {
  const resources = templates.flatMap((template) => Object.values(template.Resources ?? {}));
  const rows = resources.flatMap(({ Type: type, Properties: properties = {} }) => {
    const service = serviceOf(type, properties);
    if (service === undefined) return [];
    const zones = Array.isArray(properties.SubnetIds) ? properties.SubnetIds.length : 1;
    return [{ service, zones, monthlyUsd: toCents(zones * HOURLY_USD * HOURS_A_MONTH) }];
  });
  const monthlyUsd = toCents(rows.reduce((sum, row) => sum + row.monthlyUsd, 0));
  return { rows: rows.toSorted((one, other) => one.service.localeCompare(other.service)), monthlyUsd };
}

function serviceOf(type: string, properties: Readonly<Record<string, unknown>>): string | undefined {
  if (type === 'AWS::OpenSearchServerless::VpcEndpoint') return 'aoss';
  if (type !== 'AWS::EC2::VPCEndpoint' || properties.VpcEndpointType !== 'Interface') return undefined;
  // A name, or pieces of one around the Region: `com.amazonaws.`, { Ref }, `.kms`.
  const pieces = [...JSON.stringify(properties.ServiceName).matchAll(/"([^"]*)"/g)].map(([, piece = '']) => piece);
  const [last = ''] = pieces.filter((piece) => piece.includes('.')).slice(-1);
  return last.replace(/^(?:com\.amazonaws\.[a-z0-9-]+)?\.(?=[a-z])/, '');
}

const toCents = (usd: number) => Math.round(usd * 100) / 100;
