    /// TODO: the name of the service, as in: an RDS client for one Region.
    pub fn $name(&self, region: &Region) -> aws_sdk_$name::Client {
        cached(&self.$name, region, || {
            let config = aws_sdk_$name::config::Builder::from(&self.config);
            aws_sdk_$name::Client::from_conf(config.region(sdk_region(region)).build())
        })
    }

