using System.CommandLine;
using CnnFast.Benchmarks.Peers;

return PeersCommand.Create().Parse(args).Invoke();
