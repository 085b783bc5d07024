/**
 * Services whose keys are random letters and figures and nothing else, so that only their name tells them. A space
 * stands for a space, a hyphen, an underscore or nothing.
 *
 * Names from the rules of gitleaks, as in `api-key.data.ts`.
 */
export const keyServices: readonly string[] = (
  'adafruit adobe airtable algolia alibaba artifactory asana atlassian beamer bintray bitbucket bittrex cloudflare ' +
  'codecov cohere coinbase confluence confluent contentful datadog digitalocean discord droneci dropbox etsy facebook ' +
  'fastly finicity finnhub flickr freshbooks gitter gocardless heroku hubspot intercom jfrog jira kraken kucoin ' +
  'launchdarkly linear linkedin lob looker mailchimp mailgun mapbox mattermost meraki messagebird netlify ' +
  'newrelic nytimes okta plaid privateai rapidapi sendbird sentry shippo snyk sonar sourcegraph squarespace sumologic ' +
  'sumo[_-] telegram travis twilio twitch twitter yandex zendesk'
).split(' ');
