using System.Globalization;

namespace CnnFast.Samples;

/// <summary>The command line: the name of a sample and its options, or a list of the samples.</summary>
internal static class SampleCommand
{
    private const int BadInput = 2;

    private static readonly (string Name, string Does, Action<TextWriter, SampleOptions> Run)[] Samples =
    [
        ("regression", "two numbers from a picture: the length and the tilt of a leaf", (o, s) => RegressionSample.Run(o, s.Seed)),
        ("multi-label", "several kinds of shapes in one picture, one of them rare", (o, s) => MultiLabelSample.Run(o, s.Seed)),
        ("segmentation", "a class for every pixel, with the U-Net of the zoo", (o, s) => SegmentationSample.Run(o, s.Seed)),
        ("transfer", "a new head on a trained body, then its last layer too", (o, s) => TransferSample.Run(o, s.Seed, s.Body)),
        ("own-step", "a training loop of one's own, and which pixels decide", (o, s) => OwnStepSample.Run(o, s.Seed)),
    ];

    /// <summary>The names of the samples.</summary>
    public static IEnumerable<string> Names => Samples.Select(sample => sample.Name);

    /// <summary>Runs a sample.</summary>
    /// <returns>The exit code: 0 done, 2 bad usage or bad input.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        if (args is [] or ["--help" or "-h"])
        {
            WriteHelp(output);
            return 0;
        }

        try
        {
            Action<TextWriter, SampleOptions> run = Samples.FirstOrDefault(sample => sample.Name == args[0]).Run
                ?? throw new ArgumentException($"There is no sample '{args[0]}'; expected one of {string.Join(", ", Names)}.");
            run(output, ReadOptions(args));
            return 0;
        }
        catch (Exception e) when (e is ArgumentException or ShapeException or DataFormatException or NotSupportedException
            or IOException or UnauthorizedAccessException)
        {
            error.WriteLine(e.Message);
            return BadInput;
        }
    }

    private static SampleOptions ReadOptions(string[] args)
    {
        var options = new SampleOptions();
        for (int i = 1; i < args.Length; i += 2)
        {
            string? value = i + 1 < args.Length ? args[i + 1] : null;
            options = (args[i], value) switch
            {
                ("--seed", { } text) when uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint seed) =>
                    options with { Seed = seed },
                ("--body", { } file) when args[0] == "transfer" => options with { Body = file },
                _ => throw new ArgumentException($"'{string.Join(' ', args[i..])}' is no option of {args[0]}; expected --seed N" +
                    $"{(args[0] == "transfer" ? " or --body FILE" : "")}."),
            };
        }

        return options;
    }

    private static void WriteHelp(TextWriter output)
    {
        output.WriteLine("Usage: CnnFast.Samples NAME [--seed N]");
        output.WriteLine();
        foreach ((string name, string does, _) in Samples)
            output.WriteLine($"  {name,-13} {does}");
        output.WriteLine();
        output.WriteLine("  --seed N      decides the pictures, the start and the order; 0 by default");
        output.WriteLine("  --body FILE   of transfer: a safetensors or ONNX model of colour pictures [H, W, 3]; else it trains one");
    }
}
