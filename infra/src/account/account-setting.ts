import { CustomResource, aws_iam as iam } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import {
  CustomResourceFunction,
  type FunctionNetwork,
  SERVICE_TIMEOUT,
} from '../custom-resources/custom-resource-function.ts';
import { memoryStatement } from '../custom-resources/memory-statement.ts';

/** What all settings of an account have in common. */
export interface AccountPlace {
  /** What names begin with, such as `sallyport-prod`. */
  readonly prefix: string;
  /** What names of parameters begin with, such as `/sallyport/prod`. */
  readonly path: string;
  /** ARN of the KMS key of the functions' logs. */
  readonly logKeyArn: string;
  readonly network?: FunctionNetwork;
}

export interface AccountSettingProps {
  readonly place: AccountPlace;
  /** Such as `guardduty`: of the handler's file, the function and the parameter. */
  readonly name: string;
  readonly resourceType: string;
  readonly description: string;
  readonly statements: readonly iam.PolicyStatement[];
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A setting that an account has once in a Region, with the function that sets it and puts back what was there before. */
export class AccountSetting extends Construct {
  readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: AccountSettingProps) {
    super(scope, id);
    const { place, name } = props;
    const memory = `${place.path}/before/${name}`;
    const setter = new CustomResourceFunction(this, 'Function', {
      name: `${place.prefix}-${name}-setter`,
      description: props.description,
      handler: `account/handlers/${name}.ts`,
      logKeyArn: place.logKeyArn,
      statements: [memoryStatement(memory), ...props.statements],
      ...(place.network === undefined ? {} : { network: place.network }),
    });
    this.resource = new CustomResource(this, 'Setting', {
      resourceType: props.resourceType,
      serviceToken: setter.functionArn,
      serviceTimeout: SERVICE_TIMEOUT,
      properties: { Memory: memory, ...props.properties },
    });
  }
}

/** Actions on a setting of the account, which mostly name no resource. */
export function settingStatement(sid: string, actions: readonly string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({ sid, actions: [...actions], resources: ['*'] });
}
