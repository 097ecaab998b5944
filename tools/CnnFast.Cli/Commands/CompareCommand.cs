using System.CommandLine;
using System.Globalization;

namespace CnnFast.Cli;

/// <summary><c>cnnfast compare</c>: a model against given outputs, those of nodes inside among them.</summary>
internal static class CompareCommand
{
    private const double DefaultTolerance = 1e-4;

    public static Command Create(CommandHost host)
    {
        Argument<string> model = ModelSource.Argument();
        var golden = new Option<string>("--golden")
        {
            Description = "A folder of NumPy arrays and manifest.txt, a line for each: FILE name=TENSOR shape=[...].",
            HelpName = "DIR",
            Required = true,
        };
        Option<double> tolerance = NumberOption.Real("--tolerance",
            "The largest difference allowed, as a part of the largest absolute value of the tensor.", DefaultTolerance, 0, 1e6);
        Option<int> threads = CommonOptions.Threads();
        Option<ConvAlgorithm> algorithm = CommonOptions.Algorithm();
        var command = new ExampleCommand(
            "compare",
            "Holds what a model computes against given outputs, and names the first node that departs.",
            [
                "Tensors named as inputs of the model are what it runs on; all others are compared: outputs, " +
                    "and any value inside by its name in the ONNX file or by its layer.",
                "Without manifest.txt the files are input_0.npy, ... and output_0.npy, ... in the order of the model. " +
                    "Outputs come from a run as 'cnnfast run' does it, values "
                    + "inside from a second one that keeps them. Exit code 1 where a tensor departs.",
            ],
            "cnnfast compare model.onnx --golden golden",
            "cnnfast compare model.onnx --golden golden --tolerance 1e-5 --algorithm direct",
            "cnnfast compare digits.safetensors --golden golden --json")
        {
            model, golden, tolerance, threads, algorithm,
        };
        command.Brief = "Holds what a model computes against given outputs";
        command.Rows = ["tensors"];
        command.SetAction(parse => Run(
            host, parse.GetValue(model)!, parse.GetValue(golden)!, parse.GetValue(tolerance), parse.GetValue(threads),
            parse.GetValue(algorithm), parse.GetValue(CommonOptions.Json)));
        return command;
    }

    private static int Run(CommandHost host, string path, string folder, double tolerance, int threads, ConvAlgorithm algorithm, bool json)
    {
        IReadOnlyList<GoldenTensor> files = GoldenTensor.List(folder);
        IReadOnlyList<TensorDifference> differences = CheckLines.ShowParts(host, "Comparing",
            progress => ModelSource.IsOnnx(path)
                ? OnnxComparison.Run(path, files, threads, algorithm, progress, host.Stop)
                : ModelComparison.Run(path, files, threads, algorithm, progress, host.Stop));
        TensorDifference? first = differences.Where(difference => !difference.Holds(tolerance)).MinBy(difference => difference.Place);
        if (json)
            WriteJson(host.Output, differences, first, tolerance);
        else
            WriteText(host, differences, first, tolerance);
        return first is null ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static void WriteJson(TextWriter output, IReadOnlyList<TensorDifference> differences, TensorDifference? first,
        double tolerance) => JsonOutput.Write(output, writer =>
        {
            writer.WriteBoolean("holds", first is null);
            writer.WriteNumber("tolerance", tolerance);
            writer.WriteString("firstDeparture", first?.Node);
            writer.WriteStartArray("tensors");
            foreach (TensorDifference difference in differences)
            {
                writer.WriteStartObject();
                writer.WriteString("name", difference.Name);
                writer.WriteString("node", difference.Node);
                writer.WriteNumbers("shape", difference.Shape);
                writer.WriteFinite("maxDifference", difference.Largest);
                writer.WriteFinite("maxMagnitude", difference.Magnitude);
                writer.WriteFinite("relative", difference.Relative);
                writer.WriteString("reason", difference.Reason);
                writer.WriteBoolean("holds", difference.Holds(tolerance));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });

    private static void WriteText(CommandHost host, IReadOnlyList<TensorDifference> differences, TensorDifference? first, double tolerance)
    {
        TextTable table = new TextTable(host).Name("tensor").Name("node", rank: 2).Name("shape", rank: 1)
            .Number("max |Δ|").Number("max |y|").Number("max |Δ| /\nmax |y|").Name("");
        foreach (TensorDifference difference in differences)
        {
            bool holds = difference.Holds(tolerance);
            string[] cells = [difference.Name, difference.Node, $"[{string.Join(", ", difference.Shape)}]", Text(difference.Largest),
                Text(difference.Magnitude), Text(difference.Relative), holds ? "" : "departs"];
            if (holds)
                table.Row(cells);
            else
                table.BadRow(cells);
        }

        table.Write();
        foreach (TensorDifference difference in differences.Where(difference => difference.Reason is not null))
            host.Output.WriteLine(InspectCommand.Printable($"{difference.Name}: {difference.Reason}"));
        host.Output.WriteLine(InspectCommand.Printable(first is null
            ? string.Create(CultureInfo.InvariantCulture,
                $"{(differences.Count == 1 ? "The tensor is" : $"All {differences.Count} tensors are")} within {tolerance:G} of max |y|.")
            : string.Create(CultureInfo.InvariantCulture,
                $"The first to depart: {first.Node}, '{first.Name}', {first.Departure} (tolerance {tolerance:G}).")));
    }

    private static string Text(double? value) => value is { } number ? number.ToString("G4", CultureInfo.InvariantCulture) : "";
}
