import { Aws } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Construct } from 'constructs';

export interface CostBudgetProps {
  /** Of the budget: `sallyport-prod`. */
  readonly name: string;
  /** US dollars a month, of the whole account. */
  readonly monthlyUsd: number;
  /** The topic that is told, by ARN. */
  readonly topic: string;
}

/**
 * What the account may cost in a month; told at 80 % and 100 % of it, and where the forecast is beyond. Of the whole account,
 * which is one environment's: models of other makers are billed as products of their own, and no filter by service or tag
 * has them all.
 */
export class CostBudget extends Construct {
  constructor(scope: Construct, id: string, { name, monthlyUsd, topic }: CostBudgetProps) {
    super(scope, id);
    const told = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
      notification: { notificationType, comparisonOperator: 'GREATER_THAN', threshold, thresholdType: 'PERCENTAGE' },
      subscribers: [{ subscriptionType: 'SNS', address: topic }],
    });
    new CfnBudget(this, 'Budget', {
      budget: {
        budgetName: `${name}-${Aws.REGION}`,
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: monthlyUsd, unit: 'USD' },
      },
      notificationsWithSubscribers: [told('ACTUAL', 80), told('ACTUAL', 100), told('FORECASTED', 100)],
    });
  }
}
