using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using CnnFast.Verification;

namespace CnnFast.Cli;

/// <summary><c>cnnfast gradcheck</c>: the gradients of a model against references in double and central differences.</summary>
internal static class GradcheckCommand
{
    private const int MaxBatch = 1024;

    public static Command Create(CommandHost host)
    {
        var model = new Argument<string>("MODEL")
        {
            Description = "A model file (.safetensors or .onnx), zoo:NAME for a well-known architecture, or the name of a preset.",
        };
        Option<int?> batch = NumberOption.OptionalWhole("--batch", "Samples of the training step (default: 3).", 1, MaxBatch);
        Option<string[]> shape = ShapeOption.Create();
        Option<int> samples = NumberOption.Whole("--samples",
            "Elements of a tensor whose central differences are taken; 0 takes none.", 16, 0, int.MaxValue);
        Option<int> seed = NumberOption.Whole("--seed", "Decides inputs, targets, dropout and the sampled elements.", 1, 0, int.MaxValue);
        Option<int> threads = CommonOptions.Threads();
        Option<ConvAlgorithm> algorithm = CommonOptions.Algorithm();
        var command = new ExampleCommand(
            "gradcheck",
            "Holds the gradients of a training step against references in double.",
            [
                "Every gradient of the kernels is compared with the naive reference of its layer on the values that the kernels had; the " +
                    "references are compared with central differences in double. Errors are in units of the bound of the very element: " +
                    "up to 1 holds. Exit code 1 when one does not.",
                "Inputs and targets are random; the loss is the one that belongs to the model's end, or a sum of all outputs with random " +
                    "weights. Kinks are elements at the corner of a ReLU or a tie of maxima, where several gradients are right.",
                "The reference is slow on purpose: large models take minutes, most of it for the differences (--samples).",
            ],
            "cnnfast gradcheck digits.safetensors",
            "cnnfast gradcheck zoo:lenet5 --samples 100 --seed 2",
            "cnnfast gradcheck zoo:resnet18 --batch 1 --samples 0 --json",
            "cnnfast gradcheck net.onnx --shape 1x3x48x192")
        {
            model, batch, shape, samples, seed, threads, algorithm,
        };
        command.Brief = "Holds the gradients of a model against references";
        command.Rows = ["tensors"];
        command.SetAction(parse => Run(host, CheckedModel.Load(parse.GetValue(model)!, parse.GetValue(shape) ?? [], parse.GetValue(batch)),
            new GradientCheckOptions
            {
                Samples = parse.GetValue(samples),
                Seed = (ulong)parse.GetValue(seed),
                MaxThreads = parse.GetValue(threads),
                ConvAlgorithm = parse.GetValue(algorithm),
            },
            parse.GetValue(CommonOptions.Json)));
        return command;
    }

    private static int Run(CommandHost host, CheckedModel source, GradientCheckOptions options, bool json)
    {
        options = options with { Batch = source.Batch ?? options.Batch };
        GradientReport report = CheckLines.Show(host, "Gradients",
            progress => GradientChecker.Check(source.Model, options: options, progress: progress, cancellationToken: host.Stop));
        if (json)
            JsonOutput.Write(host.Output, writer => WriteJson(writer, report));
        else
            WriteText(host, report);
        return report.Holds ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static void WriteJson(Utf8JsonWriter json, GradientReport report)
    {
        json.WriteBoolean("holds", report.Holds);
        json.WriteString("loss", report.Loss);
        json.WriteString("firstFailure", report.FirstFailure?.Name);
        json.WriteNumber("kinks", report.Kinks);
        json.WriteStrings("withoutReference", report.WithoutReference);
        json.WriteStartArray("tensors");
        foreach (TensorGradient tensor in report.Tensors)
        {
            json.WriteStartObject();
            json.WriteString("name", tensor.Name);
            json.WriteString("layer", tensor.Layer);
            json.WriteString("kind", tensor.Kind.ToString());
            json.WriteShape("shape", tensor.Shape);
            ErrorText.WriteJson(json, "forward", tensor.Forward);
            ErrorText.WriteJson(json, "gradient", tensor.Gradient);
            ErrorText.WriteJson(json, "difference", tensor.Difference);
            json.WriteNumber("sampled", tensor.Sampled);
            json.WriteNumber("kinks", tensor.Kinks);
            json.WriteFinite("drift", tensor.Drift);
            json.WriteBoolean("holds", tensor.Holds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteText(CommandHost host, GradientReport report)
    {
        TextTable table = new TextTable(host).Name("tensor").Name("what").Name("shape", rank: 1);
        foreach (string title in (ReadOnlySpan<string>)["forward", "gradient", "differ-\nence", "sampled", "kinks", "drift"])
            table.Number(title);
        table.Name("");
        foreach (TensorGradient tensor in report.Tensors)
        {
            string[] cells = [tensor.Name, tensor.Kind.ToString(), tensor.Shape.ToString(), ErrorText.Ratio(tensor.Forward),
                ErrorText.Ratio(tensor.Gradient), ErrorText.Ratio(tensor.Difference),
                tensor.Sampled > 0 ? tensor.Sampled.ToString(CultureInfo.InvariantCulture) : "",
                tensor.Kinks > 0 ? tensor.Kinks.ToString(CultureInfo.InvariantCulture) : "",
                tensor.Drift?.ToString("G2", CultureInfo.InvariantCulture) ?? "", tensor.Holds ? "" : "FAILED"];
            if (tensor.Holds)
                table.Row(cells);
            else
                table.BadRow(cells);
        }

        table.Write();
        foreach (string sentence in report.WithoutReference)
            host.Output.WriteLine(InspectCommand.Printable(sentence));
        host.Output.WriteLine(InspectCommand.Printable(report.FirstFailure is { } failure
            ? $"NOT all gradients hold; the first, from the outputs: {failure.Failure}."
            : $"All gradients of {report.Loss ?? "a weighted sum of the outputs"} hold: {report.Tensors.Count} tensors, at worst " +
                $"{ErrorText.Ratio(report.Worst)} of the bound, {report.Kinks} elements at kinks."));
    }
}
