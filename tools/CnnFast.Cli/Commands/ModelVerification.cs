using System.Globalization;
using System.Text.Json;
using CnnFast.Verification;

namespace CnnFast.Cli;

/// <summary><c>cnnfast verify MODEL</c>: a model on the kernels and on the references.</summary>
internal static class ModelVerification
{
    /// <summary>Verifies a model and shows what was found.</summary>
    public static int Run(CommandHost host, CheckedModel source, string[] inputs, VerificationOptions options, bool json)
    {
        if (source.Inputs(inputs) is { } given)
        {
            if (source.Batch is { } batch && batch != given.Samples && source.Model.Inputs.All(input => input.HasBatch))
                throw new InputException($"--batch is '{batch}', and --input gives {given.Samples} samples; expected one of the two.");
            options = options with { Inputs = given.Arrays, Batch = given.Samples };
        }
        else
        {
            options = options with { Batch = source.Batch ?? options.Batch };
        }

        VerificationReport report = CheckLines.Show(host, "Layers",
            progress => ModelVerifier.Run(source.Model, options, progress, host.Stop));
        if (json)
            JsonOutput.Write(host.Output, writer => WriteJson(writer, report));
        else
            WriteText(host, report);
        return report.Holds ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static void WriteJson(Utf8JsonWriter json, VerificationReport report)
    {
        json.WriteBoolean("holds", report.Holds);
        json.WriteString("firstDeparture", report.FirstDeparture?.Name);
        json.WriteStrings("withoutReference", report.WithoutReference.Select(node => node.Name));
        Write("nodes", report.Nodes);
        Write("outputs", report.Outputs);

        void Write(string member, IReadOnlyList<NodeVerification> nodes)
        {
            json.WriteStartArray(member);
            foreach (NodeVerification node in nodes)
            {
                json.WriteStartObject();
                json.WriteString("name", node.Name);
                json.WriteString("kind", node.Kind);
                json.WriteShape("outputShape", node.OutputShape);
                ErrorText.WriteJson(json, "error", node.Error);
                json.WriteFinite("drift", node.Drift);
                json.WriteBoolean("holds", node.Holds);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
    }

    private static void WriteText(CommandHost host, VerificationReport report)
    {
        TextTable table = new TextTable(host).Name("node").Name("computes").Name("output", rank: 1).Number("error\n(1 = bound)")
            .Number("drift of\nmax |y|").Name("");
        foreach (NodeVerification node in report.Nodes.Concat(report.Outputs))
        {
            string[] cells = [node.Name, node.Kind, node.OutputShape.ToString(), ErrorText.Ratio(node.Error),
                node.Drift?.ToString("G2", CultureInfo.InvariantCulture) ?? "",
                !node.Holds ? "DEPARTS" : node.Error is null ? "no bound" : ""];
            if (node.Holds)
                table.Row(cells);
            else
                table.BadRow(cells);
        }

        table.Write();
        NodeVerification[] unknown = [.. report.WithoutReference];
        if (unknown.Length > 0)
            host.Output.WriteLine(InspectCommand.Printable($"No reference for {unknown.Length} nodes, whose own values were taken: " +
                $"{string.Join(", ", unknown.Select(node => $"{node.Kind} '{node.Name}'"))}."));
        host.Output.WriteLine(InspectCommand.Printable(report.FirstDeparture is { } first
            ? $"The first to depart: {first.Kind} '{first.Name}', {first.Error}."
            : $"All {report.Nodes.Count - unknown.Length} nodes that have a reference are within their bounds."));
    }
}
