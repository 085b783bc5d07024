import { type EndpointChoice, endpointsOf } from './endpoints-of.ts';

export interface EndpointCost {
  readonly service: string;
  /** US dollars for 730 hours in all zones, without data: list price of us-east-1. */
  readonly monthlyUsd: number;
}

const HOURS_A_MONTH = 730;

/** What the endpoints of a network cost in a month while nothing goes through them, dearest first. */
export function endpointCosts(choice: EndpointChoice & { readonly zones: number }): readonly EndpointCost[] {
  return endpointsOf(choice)
    .map(({ service, hourlyUsd }) => ({
      service,
      monthlyUsd: Math.round(hourlyUsd * HOURS_A_MONTH * choice.zones * 100) / 100,
    }))
    .toSorted((one, other) => other.monthlyUsd - one.monthlyUsd);
}
