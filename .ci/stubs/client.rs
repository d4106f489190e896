/// TODO: the service, as AWS writes its name.
pub(crate) static $NAME: JsonService = service("$name", "TODO: its id in settings of endpoints", Protocol::Json11("TODO: what its header `x-amz-target` begins with, or another protocol"));

