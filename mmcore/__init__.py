"""mmcore: encode, fuse, explain and compare multimodal medical data, with or without a browser."""
