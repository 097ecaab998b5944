using System.Globalization;
using CnnFast.Benchmarks;

string Option(string name, string otherwise) => Array.IndexOf(args, name) is int at and >= 0 && at + 1 < args.Length ? args[at + 1] : otherwise;
QuickBenchmark.Run(Option("--filter", ""), int.Parse(Option("--threads", "1"), CultureInfo.InvariantCulture), double.Parse(Option("--seconds", "0.4"), CultureInfo.InvariantCulture));
