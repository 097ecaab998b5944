using CnnFast.Cli;

using var signals = new StopSignals();
return CnnFastCommand.Run(args, CommandHost.ForConsole(signals.Token));
