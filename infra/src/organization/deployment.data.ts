/**
 * What CloudFormation may do to deploy us: by service, actions that make, change, look at and take away. Nothing in it
 * reads or writes content: no object, item, message, secret, log line, and no model. `names` are resources in ARNs of
 * the account, `*` where AWS takes none.
 */
export interface DeploymentGrant {
  readonly service: string;
  readonly actions: readonly string[];
  readonly names: readonly string[];
  /** Whether its ARNs have neither Region nor account, as those of S3 have not. */
  readonly scope?: 'bare' | 'global' | 'regional';
}

const tags = ['TagResource', 'UntagResource'];

export const deploymentGrants: readonly DeploymentGrant[] = [
  {
    service: 'access-analyzer',
    actions: ['CreateAnalyzer', 'DeleteAnalyzer', 'GetAnalyzer', 'UpdateAnalyzer', ...tags],
    names: ['analyzer/sallyport-*'],
  },
  {
    service: 'aoss',
    actions: [
      ...['AddCollectionToCollectionGroup', 'BatchGetCollection', 'BatchGetCollectionGroup', 'BatchGetVpcEndpoint'],
      ...['CreateAccessPolicy', 'CreateCollection', 'CreateCollectionGroup', 'DeleteCollectionGroup'],
      ...['CreateSecurityPolicy', 'CreateVpcEndpoint', 'DeleteAccessPolicy', 'DeleteCollection'],
      ...['DeleteSecurityPolicy', 'DeleteVpcEndpoint', 'GetAccessPolicy', 'GetSecurityPolicy'],
      ...[
        'UpdateAccessPolicy',
        'UpdateCollection',
        'UpdateCollectionGroup',
        'UpdateSecurityPolicy',
        'UpdateVpcEndpoint',
        ...tags,
      ],
    ],
    names: ['*'],
  },
  { service: 'apigateway', actions: ['DELETE', 'GET', 'PATCH', 'POST', 'PUT', 'SetWebACL'], names: ['*'] },
  {
    service: 'application-autoscaling',
    actions: [
      ...['DeleteScalingPolicy', 'DeregisterScalableTarget', 'DescribeScalableTargets', 'DescribeScalingPolicies'],
      ...['PutScalingPolicy', 'RegisterScalableTarget'],
    ],
    names: ['*'],
  },
  {
    service: 'bedrock',
    actions: [
      ...['CreateGuardrail', 'CreateGuardrailVersion', 'CreateInferenceProfile', 'DeleteGuardrail'],
      ...['DeleteInferenceProfile', 'DeleteResourcePolicy', 'GetGuardrail', 'GetInferenceProfile', 'GetResourcePolicy'],
      ...['ListTagsForResource', 'PutResourcePolicy', 'UpdateGuardrail', ...tags],
    ],
    names: ['*'],
  },
  {
    service: 'cloudtrail',
    actions: [
      ...['AddTags', 'CreateTrail', 'DeleteTrail', 'GetEventSelectors', 'GetTrail', 'GetTrailStatus', 'ListTags'],
      ...['PutEventSelectors', 'RemoveTags', 'StartLogging', 'UpdateTrail'],
    ],
    names: ['trail/sallyport-*'],
  },
  {
    service: 'cloudwatch',
    actions: ['DeleteAlarms', 'DescribeAlarms', 'PutMetricAlarm', 'PutCompositeAlarm', ...tags],
    names: ['alarm:sallyport-*', 'alarm:Sallyport-*'],
  },
  {
    service: 'budgets',
    actions: ['ListTagsForResource', 'ModifyBudget', 'ViewBudget'],
    names: ['budget/sallyport-*'],
    scope: 'global',
  },
  {
    service: 'cloudwatch',
    actions: ['DeleteAnomalyDetector', 'DescribeAnomalyDetectors', 'PutAnomalyDetector'],
    names: ['*'],
  },
  {
    service: 'config',
    actions: [
      'DeleteConformancePack',
      'DescribeConformancePackStatus',
      'DescribeConformancePacks',
      'PutConformancePack',
    ],
    names: ['*'],
  },
  {
    service: 'dynamodb',
    actions: [
      ...['CreateTable', 'DeleteResourcePolicy', 'DeleteTable', 'DescribeContinuousBackups'],
      ...['DescribeContributorInsights', 'DescribeKinesisStreamingDestination', 'DescribeTable'],
      ...['DescribeTimeToLive', 'GetResourcePolicy', 'ListTagsOfResource', 'PutResourcePolicy'],
      ...['UpdateContinuousBackups', 'UpdateTable', 'UpdateTimeToLive', ...tags],
    ],
    names: ['table/sallyport-*'],
  },
  {
    service: 'ec2',
    actions: [
      ...['AssociateRouteTable', 'AuthorizeSecurityGroupEgress', 'AuthorizeSecurityGroupIngress', 'CreateFlowLogs'],
      ...['CreateNetworkAcl', 'CreateNetworkAclEntry', 'DeleteNetworkAcl', 'DeleteNetworkAclEntry'],
      ...['DescribeNetworkAcls', 'ReplaceNetworkAclAssociation', 'ReplaceNetworkAclEntry'],
      ...['CreateRouteTable', 'CreateSecurityGroup', 'CreateSubnet', 'CreateTags', 'CreateVpc', 'CreateVpcEndpoint'],
      ...['DeleteFlowLogs', 'DeleteRouteTable', 'DeleteSecurityGroup', 'DeleteSubnet', 'DeleteTags', 'DeleteVpc'],
      ...['DeleteVpcEndpoints', 'DescribeAvailabilityZones', 'DescribeFlowLogs', 'DescribeNetworkInterfaces'],
      ...['DescribeRouteTables', 'DescribeSecurityGroups', 'DescribeSecurityGroupRules', 'DescribeSubnets'],
      ...['DescribeVpcAttribute', 'DescribeVpcEndpoints', 'DescribeVpcs', 'DisassociateRouteTable'],
      ...['ModifySubnetAttribute', 'ModifyVpcAttribute', 'ModifyVpcEndpoint', 'RevokeSecurityGroupEgress'],
      'RevokeSecurityGroupIngress',
    ],
    names: ['*'],
  },
  {
    service: 'ecr',
    actions: [
      ...['CreateRepository', 'DescribeRepositories', 'GetLifecyclePolicy', 'GetRepositoryPolicy'],
      ...[
        'ListTagsForResource',
        'PutImageScanningConfiguration',
        'PutImageTagMutability',
        'PutLifecyclePolicy',
        ...tags,
      ],
    ],
    names: ['repository/sallyport-*'],
  },
  {
    service: 'ecs',
    actions: [
      ...['CreateCluster', 'CreateService', 'DeleteCluster', 'DeleteService', 'DeregisterTaskDefinition'],
      ...['DescribeClusters', 'DescribeServices', 'DescribeTaskDefinition', 'RegisterTaskDefinition'],
      ...['UpdateCluster', 'UpdateService', ...tags],
    ],
    names: ['*'],
  },
  {
    service: 'elasticloadbalancing',
    actions: [
      ...['AddTags', 'CreateListener', 'CreateLoadBalancer', 'CreateTargetGroup', 'DeleteListener'],
      ...['DeleteLoadBalancer', 'DeleteTargetGroup', 'DescribeListeners', 'DescribeListenerAttributes'],
      ...['DescribeLoadBalancerAttributes', 'DescribeLoadBalancers', 'DescribeTags', 'DescribeTargetGroupAttributes'],
      ...['DescribeTargetGroups', 'ModifyListener', 'ModifyLoadBalancerAttributes', 'ModifyTargetGroup'],
      ...['ModifyTargetGroupAttributes', 'RemoveTags', 'SetSecurityGroups', 'SetSubnets'],
    ],
    names: ['*'],
  },
  {
    service: 'events',
    actions: ['DeleteRule', 'DescribeRule', 'ListTargetsByRule', 'PutRule', 'PutTargets', 'RemoveTargets', ...tags],
    names: ['rule/sallyport-*', 'rule/Sallyport-*'],
  },
  {
    service: 'iam',
    actions: [
      ...['AttachRolePolicy', 'CreateRole', 'DeleteRole', 'DeleteRolePolicy', 'DetachRolePolicy', 'GetRole'],
      ...[
        'GetRolePolicy',
        'ListAttachedRolePolicies',
        'ListRolePolicies',
        'ListRoleTags',
        'PutRolePermissionsBoundary',
      ],
      ...['PutRolePolicy', 'TagRole', 'UntagRole', 'UpdateAssumeRolePolicy', 'UpdateRole', 'UpdateRoleDescription'],
    ],
    names: ['role/sallyport-*'],
    scope: 'global',
  },
  {
    service: 'iam',
    actions: [
      ...['CreatePolicy', 'CreatePolicyVersion', 'DeletePolicy', 'DeletePolicyVersion', 'GetPolicy'],
      ...['GetPolicyVersion', 'ListPolicyVersions', 'TagPolicy', 'UntagPolicy'],
    ],
    names: ['policy/sallyport-*'],
    scope: 'global',
  },
  {
    service: 'kms',
    actions: [
      ...['CreateKey', 'CreateAlias', 'DeleteAlias', 'DescribeKey', 'DisableKey', 'EnableKey', 'EnableKeyRotation'],
      ...['GetKeyPolicy', 'GetKeyRotationStatus', 'ListResourceTags', 'PutKeyPolicy', 'ReplicateKey'],
      ...['ScheduleKeyDeletion', 'UpdateAlias', 'UpdateKeyDescription', ...tags],
    ],
    names: ['*'],
  },
  {
    service: 'lambda',
    actions: [
      ...['AddPermission', 'CreateAlias', 'CreateFunction', 'DeleteAlias', 'DeleteFunction'],
      ...['DeleteProvisionedConcurrencyConfig', 'DeleteResourcePolicy', 'GetProvisionedConcurrencyConfig'],
      ...['GetResourcePolicy', 'PutProvisionedConcurrencyConfig', 'PutResourcePolicy'],
      ...['DeleteFunctionConcurrency', 'DeleteFunctionEventInvokeConfig', 'GetAlias', 'GetFunction'],
      ...['GetFunctionCodeSigningConfig', 'GetFunctionConfiguration', 'GetFunctionEventInvokeConfig', 'GetPolicy'],
      ...['GetRuntimeManagementConfig', 'InvokeFunction', 'ListTags', 'ListVersionsByFunction', 'PublishVersion'],
      ...['PutFunctionCodeSigningConfig', 'PutFunctionConcurrency', 'PutFunctionEventInvokeConfig'],
      ...['PutRuntimeManagementConfig', 'RemovePermission', 'UpdateAlias', 'UpdateFunctionCode'],
      ...['UpdateFunctionConfiguration', ...tags],
    ],
    names: ['function:sallyport-*'],
  },
  {
    service: 'lambda',
    actions: [
      ...['CreateCodeSigningConfig', 'CreateEventSourceMapping', 'DeleteCodeSigningConfig'],
      ...['DeleteEventSourceMapping', 'DeleteLayerVersion', 'GetCodeSigningConfig', 'GetEventSourceMapping'],
      ...['GetLayerVersion', 'PublishLayerVersion', 'UpdateCodeSigningConfig', 'UpdateEventSourceMapping'],
    ],
    names: ['*'],
  },
  {
    service: 'logs',
    actions: [
      ...['AssociateKmsKey', 'CreateLogGroup', 'DeleteDataProtectionPolicy', 'DeleteLogGroup', 'DeleteMetricFilter'],
      ...['DeleteRetentionPolicy', 'DescribeMetricFilters', 'GetDataProtectionPolicy', 'ListTagsForResource'],
      ...['PutDataProtectionPolicy', 'PutMetricFilter', 'PutRetentionPolicy', ...tags],
    ],
    names: [
      ...['log-group:/sallyport/*', 'log-group:/aws/lambda/sallyport-*', 'log-group:aws-waf-logs-sallyport-*'],
      ...['log-group:/aws/apigateway/sallyport-*', 'log-group:/aws/vendedlogs/sallyport-*'],
      'log-group:API-Gateway-Execution-Logs_*',
    ],
  },
  {
    service: 'logs',
    actions: [
      ...['CreateLogDelivery', 'DeleteLogDelivery', 'DeleteResourcePolicy', 'DescribeLogGroups'],
      ...['DescribeResourcePolicies', 'GetLogDelivery', 'ListLogDeliveries', 'PutResourcePolicy', 'UpdateLogDelivery'],
    ],
    names: ['*'],
  },
  {
    // Zones of the network, of the front door and of endpoints.
    service: 'route53',
    actions: [
      ...['AssociateVPCWithHostedZone', 'ChangeResourceRecordSets', 'ChangeTagsForResource', 'CreateHostedZone'],
      ...['DeleteHostedZone', 'GetChange', 'GetHostedZone', 'ListHostedZonesByName', 'ListQueryLoggingConfigs'],
      ...['ListResourceRecordSets', 'ListTagsForResource', 'UpdateHostedZoneComment'],
    ],
    names: ['*'],
  },
  {
    service: 'route53resolver',
    actions: [
      ...['AssociateResolverQueryLogConfig', 'CreateResolverQueryLogConfig', 'DeleteResolverQueryLogConfig'],
      ...['DisassociateResolverQueryLogConfig', 'GetFirewallConfig', 'GetResolverQueryLogConfig'],
      ...['GetResolverQueryLogConfigAssociation', 'ListFirewallConfigs', 'ListResolverQueryLogConfigAssociations'],
      'UpdateFirewallConfig',
      ...['AssociateFirewallRuleGroup', 'CreateFirewallDomainList', 'CreateFirewallRule', 'CreateFirewallRuleGroup'],
      ...['DeleteFirewallDomainList', 'DeleteFirewallRule', 'DeleteFirewallRuleGroup', 'DisassociateFirewallRuleGroup'],
      ...['GetFirewallDomainList', 'GetFirewallRuleGroup', 'GetFirewallRuleGroupAssociation'],
      ...['ListFirewallDomains', 'ListFirewallRules', 'ListTagsForResource', 'UpdateFirewallDomains'],
      ...['UpdateFirewallRule', 'UpdateFirewallRuleGroupAssociation', ...tags],
    ],
    names: ['*'],
  },
  {
    service: 's3',
    actions: [
      ...['CreateBucket', 'DeleteBucketPolicy', 'GetBucketAcl', 'GetBucketLocation', 'GetBucketLogging'],
      ...['GetBucketObjectLockConfiguration', 'GetBucketOwnershipControls', 'GetBucketPolicy'],
      ...['GetBucketPublicAccessBlock', 'GetBucketTagging', 'GetBucketVersioning', 'GetEncryptionConfiguration'],
      ...['GetInventoryConfiguration', 'GetLifecycleConfiguration', 'GetReplicationConfiguration'],
      ...['PutBucketLogging', 'PutBucketObjectLockConfiguration', 'PutBucketOwnershipControls', 'PutBucketPolicy'],
      ...['PutBucketPublicAccessBlock', 'PutBucketTagging', 'PutBucketVersioning', 'PutEncryptionConfiguration'],
      ...['PutInventoryConfiguration', 'PutLifecycleConfiguration', 'PutReplicationConfiguration'],
    ],
    names: ['sallyport-*'],
    scope: 'bare',
  },
  {
    service: 's3',
    actions: [
      'CreateAccessPoint',
      'DeleteAccessPoint',
      'DeleteAccessPointPolicy',
      'GetAccessPoint',
      'GetAccessPointPolicy',
      'PutAccessPointPolicy',
    ],
    names: ['accesspoint/sallyport-*'],
  },
  {
    service: 'scheduler',
    actions: ['CreateSchedule', 'DeleteSchedule', 'GetSchedule', 'UpdateSchedule'],
    names: ['schedule/*/sallyport-*'],
  },
  {
    service: 'sns',
    actions: [
      ...['CreateTopic', 'DeleteTopic', 'GetSubscriptionAttributes', 'GetTopicAttributes', 'ListSubscriptionsByTopic'],
      ...['ListTagsForResource', 'SetTopicAttributes', 'Subscribe', 'Unsubscribe', ...tags],
    ],
    names: ['sallyport-*'],
  },
  {
    service: 'sqs',
    actions: [
      ...['AddPermission', 'CreateQueue', 'DeleteQueue', 'GetQueueAttributes', 'GetQueueUrl', 'ListQueueTags'],
      ...['RemovePermission', 'SetQueueAttributes', 'TagQueue', 'UntagQueue'],
    ],
    names: ['sallyport-*'],
  },
  {
    service: 'ssm',
    actions: [
      ...['AddTagsToResource', 'DeleteParameter', 'GetParameters', 'ListTagsForResource', 'PutParameter'],
      'RemoveTagsFromResource',
    ],
    names: ['parameter/sallyport/*', 'parameter/cdk-bootstrap/sallyport/*'],
  },
  {
    service: 'signer',
    actions: ['CancelSigningProfile', 'GetSigningProfile', 'PutSigningProfile', ...tags],
    names: ['*'],
  },
  {
    service: 'states',
    actions: [
      ...['CreateStateMachine', 'DeleteStateMachine', 'DescribeStateMachine', 'ListTagsForResource'],
      ...['UpdateStateMachine', ...tags],
    ],
    names: ['stateMachine:sallyport-*'],
  },
  {
    service: 'wafv2',
    actions: [
      ...['AssociateWebACL', 'CreateWebACL', 'DeleteLoggingConfiguration', 'DeleteWebACL', 'DisassociateWebACL'],
      ...['GetLoggingConfiguration', 'GetWebACL', 'GetWebACLForResource', 'ListTagsForResource'],
      ...['PutLoggingConfiguration', 'UpdateWebACL', ...tags],
    ],
    names: ['*'],
  },
];

/**
 * Which policy has the grants of which services. By name, so that a grant that is added changes its own policy alone; IAM takes
 * 6,144 characters of each, and ten for a role.
 */
export const deploymentPolicies: Readonly<Record<string, readonly string[]>> = {
  running: ['apigateway', 'application-autoscaling', 'ecr', 'ecs', 'lambda', 'scheduler', 'signer', 'states'],
  network: ['ec2', 'elasticloadbalancing', 'route53', 'route53resolver', 'wafv2'],
  data: ['aoss', 'bedrock', 'dynamodb', 'kms', 's3', 'sqs', 'ssm'],
  watching: ['access-analyzer', 'budgets', 'cloudtrail', 'cloudwatch', 'config', 'events', 'logs', 'sns'],
  roles: ['iam'],
};

/** Services that ask whoever makes a resource for its key, and keep a grant for it or look whether they could open it. */
export const madeUnderKeys = ['aoss', 'dynamodb', 'ecr', 'lambda', 'secretsmanager', 'states'] as const;

/** Services that make a role of their own in an account where they are used for the first time. */
export const linkedTo = [
  'access-analyzer.amazonaws.com',
  'config-conforms.amazonaws.com',
  'delivery.logs.amazonaws.com',
  'ecs.amazonaws.com',
  'ecs.application-autoscaling.amazonaws.com',
  'elasticloadbalancing.amazonaws.com',
  'observability.aoss.amazonaws.com',
  'ops.apigateway.amazonaws.com',
  'route53resolver.amazonaws.com',
  'wafv2.amazonaws.com',
] as const;

/** Services that our roles are handed to. */
export const passedTo = [
  'apigateway.amazonaws.com',
  'bedrock.amazonaws.com',
  'cloudtrail.amazonaws.com',
  'delivery.logs.amazonaws.com',
  'ecs-tasks.amazonaws.com',
  'ecs.amazonaws.com',
  'events.amazonaws.com',
  'lambda.amazonaws.com',
  's3.amazonaws.com',
  'scheduler.amazonaws.com',
  'states.amazonaws.com',
  'vpc-flow-logs.amazonaws.com',
] as const;
