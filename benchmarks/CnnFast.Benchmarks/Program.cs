using System.CommandLine;
using BenchmarkDotNet.Running;
using CnnFast;
using CnnFast.Benchmarks;

var filter =
    new Option<string>("--filter") { Description = "Run the shapes whose name contains this text.", DefaultValueFactory = _ => "" };
var threads =
    new Option<int>("--threads") { Description = "Threads of the operators; 0 takes all processors.", DefaultValueFactory = _ => 1 };
var seconds = new Option<double>("--seconds") { Description = "Seconds to spend on each row.", DefaultValueFactory = _ => 0.4 };
var algorithm = new Option<ConvAlgorithm>("--algorithm")
{
    Description = "How convolutions that more than one algorithm serves are computed.",
    DefaultValueFactory = _ => ConvAlgorithm.Auto,
};
var pass = new Option<string>("--pass") { Description = "Run the passes whose name contains this text.", DefaultValueFactory = _ => "" };
var batch = new Option<int>("--batch") { Description = "Images of a run; 0 takes what the shape files say.", DefaultValueFactory = _ => 0 };
var quick = new Command("quick", "Times every convolution of benchmarks/shapes against the FMA peak, and every pooling and the operators " +
    "on vectors against a copy, measured in the same run.\n\nExamples:\n  quick --filter 3x3_64_64_56\n  quick --threads 2 --seconds 1\n" +
    "  quick --filter pl_\n  quick --filter vector_ --pass L2\n  quick --filter 3x3 --pass forward --algorithm direct --batch 16")
{
    filter, pass, batch, algorithm, threads, seconds,
};
quick.SetAction(parsed => QuickBenchmark.Run(parsed.GetValue(filter)!, parsed.GetValue(pass)!, parsed.GetValue(batch),
    parsed.GetValue(algorithm), parsed.GetValue(threads), parsed.GetValue(seconds)));

var augment = new Command("augment", "Times the random changes of training images on one thread, in microseconds an image, and their " +
    "share of a training step of the preset digits.\n\nExample:\n  augment --seconds 1")
{
    seconds,
};
augment.SetAction(parsed => AugmentBenchmark.Run(parsed.GetValue(seconds)));

var rest = new Argument<string[]>("arguments")
{
    Description = "Arguments of BenchmarkDotNet, such as --filter *Convolution* --job short.",
    Arity = ArgumentArity.ZeroOrMore,
};
var full = new Command("full", "Runs the BenchmarkDotNet benchmarks: kernels, operators, inference, training.\n\nExamples:\n" +
    "  full --filter *Convolution*\n  full --list flat")
{
    rest,
};
full.TreatUnmatchedTokensAsErrors = false;
full.SetAction(parsed =>
    BenchmarkSwitcher.FromAssembly(typeof(QuickBenchmark).Assembly).Run([.. parsed.GetValue(rest)!, .. parsed.UnmatchedTokens]));

var shape = new Option<string>("--shape") { Description = "The name of a shape.", DefaultValueFactory = _ => "mn_3x3_32_64_14" };
var cold = new Command("cold", "Times the first runs of one convolution in this fresh process.\n\nExample:\n  cold --shape ln_5x5_6_16_14")
{
    shape,
};
cold.SetAction(parsed => ColdBenchmark.Run(parsed.GetValue(shape)!));

return new RootCommand("Benchmarks of CnnFast.") { quick, cold, augment, full }.Parse(args).Invoke();
