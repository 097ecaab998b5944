using CnnFast.Samples;

return SampleCommand.Run(args, Console.Out, Console.Error);
