// Simulates requests to resources with a policy. Arguments: the folder of the packages, and the file with the cases.
//
// A line of the file is a case: {"policy", "account", "requests": [{"principal", "action", "resource", "context"}]}, with
// the principal null for a request without signature. The answer to a case is a line: the number of the first request
// that is allowed, or -1. A request that the simulator does not take is an error.

import { createInterface } from 'node:readline'
import { createReadStream } from 'node:fs'
import { createRequire } from 'node:module'

const [folder, cases] = process.argv.slice(2)
const { anonymousPrincipal, runSimulation } = createRequire(`${folder}/package.json`)('@cloud-copilot/iam-simulate')

// What a caller of another account may do by its own policies.
const everything = {
  name: 'everything',
  policy: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
}

async function isAllowed({ policy, account }, { principal, action, resource, context }) {
  const simulation = {
    request: {
      principal: principal ?? anonymousPrincipal,
      action,
      resource: { resource, accountId: account },
      contextVariables: context,
    },
    identityPolicies: principal ? [everything] : [],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    resourcePolicy: policy,
  }
  const outcome = await runSimulation(simulation, {})
  if (outcome.resultType === 'error') {
    throw new Error(JSON.stringify([outcome.errors, simulation]))
  }
  return outcome.overallResult === 'Allowed'
}

async function firstAllowed(one) {
  for (const [number, request] of one.requests.entries()) {
    if (await isAllowed(one, request)) {
      return number
    }
  }
  return -1
}

for await (const line of createInterface({ input: createReadStream(cases) })) {
  console.log(await firstAllowed(JSON.parse(line)))
}
