"""What is kept on disk: shards of features, results of studies, weights of networks."""
