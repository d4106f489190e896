"""Makes load balancers, APIs, functions and distributions in an account. Importing it teaches `create` how."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile, ZipInfo

from create import Site, create
from kinds import Api, ClassicLoadBalancer, Distribution, DomainName, Function, LoadBalancer

HOME = "us-east-1"
TO_HTTPS = {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}


@create.register
def _(balancer: LoadBalancer, site: Site) -> None:
    region = balancer.region
    subnets = site.ec2(region).describe_subnets(Filters=[{"Name": "default-for-az", "Values": ["true"]}])["Subnets"]
    elb = site.clients.of("elbv2", region)
    made = elb.create_load_balancer(
        Name=balancer.name,
        Subnets=[subnet["SubnetId"] for subnet in subnets[:2]],
        Type=balancer.type,
        Scheme="internal" if balancer.internal else "internet-facing",
    )["LoadBalancers"][0]
    arn = made["LoadBalancerArn"]
    site.record(balancer.name, region, arn)
    for number, protocol in enumerate(balancer.protocols):
        group = elb.create_target_group(
            Name=f"{balancer.name}-{number}", Protocol=protocol, Port=80, VpcId=made["VpcId"]
        )["TargetGroups"][0]["TargetGroupArn"]
        is_http = protocol == "HTTP"
        action = _action(balancer.action if is_http else "forward", group)
        tls: dict[str, Any] = {}
        if protocol in ("HTTPS", "TLS"):
            certificate = f"arn:aws:iam::{site.account_id}:server-certificate/front"
            tls = {"SslPolicy": balancer.policy, "Certificates": [{"CertificateArn": certificate}]}
        listener = elb.create_listener(
            LoadBalancerArn=arn, Protocol=protocol, Port=80 + number, DefaultActions=[action], **tls
        )["Listeners"][0]["ListenerArn"]
        for priority, (path, name) in enumerate(balancer.rules if is_http else (), 1):
            condition = {"Field": "path-pattern", "Values": [path]}
            elb.create_rule(ListenerArn=listener, Priority=priority, Conditions=[condition], Actions=[_action(name, group)])
    if balancer.logs:
        settings = {"access_logs.s3.enabled": "true", "access_logs.s3.bucket": balancer.logs}
        attributes = [{"Key": key, "Value": value} for key, value in settings.items()]
        elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=attributes)


def _action(name: str, group: str) -> dict[str, Any]:
    match name:
        case "redirect":
            return {"Type": "redirect", "RedirectConfig": TO_HTTPS}
        case "respond":
            return {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404", "ContentType": "text/plain"}}
        case _:
            return {"Type": "forward", "TargetGroupArn": group}


@create.register
def _(balancer: ClassicLoadBalancer, site: Site) -> None:
    region, name = balancer.region, balancer.name
    elb = site.clients.of("elb", region)
    listeners = [
        {"Protocol": protocol, "LoadBalancerPort": port, "InstancePort": port} for protocol, port in balancer.listeners
    ]
    elb.create_load_balancer(LoadBalancerName=name, Listeners=listeners, AvailabilityZones=[f"{region}a"])
    site.record(name, region, f"arn:aws:elasticloadbalancing:{region}:{site.account_id}:loadbalancer/{name}")
    if balancer.logs:
        log = {"Enabled": True, "S3BucketName": balancer.logs}
        elb.modify_load_balancer_attributes(LoadBalancerName=name, LoadBalancerAttributes={"AccessLog": log})


@create.register
def _(api: Api, site: Site) -> None:
    region = api.region
    group = f"arn:aws:logs:{region}:{site.account_id}:log-group:{api.name}"
    if api.protocol != "REST":
        client = site.clients.of("apigatewayv2", region)
        route = {"RouteSelectionExpression": "$request.body.action"} if api.protocol == "WEBSOCKET" else {}
        made = client.create_api(Name=api.name, ProtocolType=api.protocol, **route)["ApiId"]
        logs = {"AccessLogSettings": {"DestinationArn": group, "Format": "$context.requestId"}} if api.logs else {}
        client.create_stage(ApiId=made, StageName="prod", **logs)
        site.record(api.name, region, f"arn:aws:apigateway:{region}::/apis/{made}/stages/prod")
        return
    client = site.clients.of("apigateway", region)
    rest = client.create_rest_api(name=api.name, endpointConfiguration={"types": [api.endpoint]})["id"]
    root = client.get_resources(restApiId=rest)["items"][0]["id"]
    client.put_method(restApiId=rest, resourceId=root, httpMethod="GET", authorizationType="AWS_IAM")
    client.put_integration(restApiId=rest, resourceId=root, httpMethod="GET", type="MOCK")
    client.create_deployment(restApiId=rest, stageName="prod")
    arn = f"arn:aws:apigateway:{region}::/restapis/{rest}/stages/prod"
    site.record(api.name, region, arn)
    if api.logs:
        change = {"op": "replace", "path": "/accessLogSettings/destinationArn", "value": group}
        client.update_stage(restApiId=rest, stageName="prod", patchOperations=[change])
    if api.web_acl:
        waf = site.clients.of("wafv2", region)
        visibility = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": api.name}
        acl = waf.create_web_acl(
            Name=api.name, Scope="REGIONAL", DefaultAction={"Allow": {}}, VisibilityConfig=visibility
        )["Summary"]["ARN"]
        waf.associate_web_acl(WebACLArn=acl, ResourceArn=arn)


@create.register
def _(domain: DomainName, site: Site) -> None:
    region, name = domain.region, f"{domain.name}.example.com"
    certificate = f"arn:aws:acm:{region}:{site.account_id}:certificate/{domain.name}"
    if domain.rest:
        site.clients.of("apigateway", region).create_domain_name(
            domainName=name,
            regionalCertificateArn=certificate,
            endpointConfiguration={"types": ["REGIONAL"]},
            securityPolicy=domain.policy,
        )
    else:
        endpoint = {"CertificateArn": certificate, "EndpointType": "REGIONAL", "SecurityPolicy": domain.policy}
        site.clients.of("apigatewayv2", region).create_domain_name(DomainName=name, DomainNameConfigurations=[endpoint])
    site.record(domain.name, region, f"arn:aws:apigateway:{region}::/domainnames/{name}")


@create.register
def _(function: Function, site: Site) -> None:
    code = BytesIO()
    with ZipFile(code, "w") as archive:
        archive.writestr(ZipInfo("main.py"), "def handler(event, context): pass\n")
    client = site.clients.of("lambda", function.region)
    made = client.create_function(
        FunctionName=function.name,
        Runtime="python3.13",
        Role=f"arn:aws:iam::{site.account_id}:role/OrgScanMember",
        Handler="main.handler",
        Code={"ZipFile": code.getvalue()},
        Environment={"Variables": dict(function.environment)},
    )
    site.record(function.name, function.region, made["FunctionArn"])
    if function.url:
        client.create_function_url_config(FunctionName=function.name, AuthType=function.url)
    if function.granted:
        client.add_permission(
            FunctionName=function.name,
            StatementId="FunctionURLAllowPublicAccess",
            Action="lambda:InvokeFunctionUrl",
            Principal="*",
            FunctionUrlAuthType="NONE",
        )


@create.register
def _(distribution: Distribution, site: Site) -> None:
    name = distribution.name
    config: dict[str, Any] = {
        "CallerReference": name,
        "Comment": name,
        "Enabled": distribution.enabled,
        "Origins": {"Quantity": 1, "Items": [_origin(distribution)]},
        "DefaultCacheBehavior": {"TargetOriginId": "origin", "ViewerProtocolPolicy": distribution.viewers},
    }
    if distribution.policy:
        config["ViewerCertificate"] = {
            "ACMCertificateArn": f"arn:aws:acm:us-east-1:{site.account_id}:certificate/{name}",
            "SSLSupportMethod": "sni-only",
            "MinimumProtocolVersion": distribution.policy,
        }
    if distribution.web_acl:
        config["WebACLId"] = f"arn:aws:wafv2:us-east-1:{site.account_id}:global/webacl/{name}/1"
    if distribution.logs == "bucket":
        bucket = "cdn-logs.s3.amazonaws.com"
        config["Logging"] = {"Enabled": True, "IncludeCookies": False, "Bucket": bucket, "Prefix": ""}
    client = site.clients.of("cloudfront", HOME)
    arn = client.create_distribution(DistributionConfig=config)["Distribution"]["ARN"]
    site.record(name, "global", arn)
    if distribution.logs == "delivery":
        logs = site.clients.of("logs", HOME)
        logs.put_delivery_source(name=name, resourceArn=arn, logType="ACCESS_LOGS")
        destination = logs.put_delivery_destination(
            name=name, deliveryDestinationConfiguration={"destinationResourceArn": "arn:aws:s3:::cdn-logs"}
        )["deliveryDestination"]["arn"]
        logs.create_delivery(deliverySourceName=name, deliveryDestinationArn=destination)


def _origin(distribution: Distribution) -> dict[str, Any]:
    if distribution.bucket:
        return {
            "Id": "origin",
            "DomainName": f"acme-{distribution.bucket}.s3.amazonaws.com",
            "S3OriginConfig": {"OriginAccessIdentity": ""},
            "OriginAccessControlId": "E2QWRUHAPOMQZL" if distribution.signed else "",
        }
    protocol, versions = distribution.server
    return {
        "Id": "origin",
        "DomainName": f"{distribution.name}.example.com",
        "CustomOriginConfig": {
            "HTTPPort": 80,
            "HTTPSPort": 443,
            "OriginProtocolPolicy": protocol,
            "OriginSslProtocols": {"Quantity": len(versions), "Items": list(versions)},
        },
    }
