using CnnFast.Benchmarks.Peers;

return PeersCommand.Run(args);
