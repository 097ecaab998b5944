using System.Globalization;
using System.Text.Json;
using CnnFast.Compile;
using CnnFast.Graphs;

namespace CnnFast.Cli;

/// <summary>Shows how a model was rewritten and placed for inference.</summary>
internal static class PlanText
{
    // The columns from here on are numbers, to the right.
    private const int FirstNumber = 5;

    /// <summary>Writes the passes, the steps and the memory as text.</summary>
    public static void Write(TextWriter output, ExecutionPlan plan)
    {
        output.WriteLine();
        foreach (PassReport pass in plan.Passes)
        {
            output.WriteLine($"Pass {pass.Pass}: {(pass.Notes.Count == 0 ? "nothing to do" : $"{pass.NodesBefore} nodes to {pass.NodesAfter}")}");
            foreach (string note in pass.Notes)
                output.WriteLine($"  {note}");
        }

        output.WriteLine();
        WriteSteps(output, plan);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Arena {Bytes(plan.Memory.Length):N0} bytes ({plan.Memory.Strategy}; no plan can take less than {Bytes(plan.Memory.LowerBound):N0}), scratch {plan.WorkspaceLength:N0}, packed weights {plan.ConstantBytes:N0}, batch {plan.MaxBatch}"));
    }

    /// <summary>Writes the same as members of the object that is open.</summary>
    public static void WriteJson(Utf8JsonWriter json, ExecutionPlan plan)
    {
        json.WriteStartArray("passes");
        foreach (PassReport pass in plan.Passes)
        {
            json.WriteStartObject();
            json.WriteString("pass", pass.Pass);
            json.WriteNumber("nodesBefore", pass.NodesBefore);
            json.WriteNumber("nodesAfter", pass.NodesAfter);
            json.WriteStrings("notes", pass.Notes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("steps");
        foreach (PlanStep step in plan.Steps)
        {
            json.WriteStartObject();
            json.WriteString("name", step.Name);
            json.WriteString("kind", step.Kind);
            json.WriteShape("outputShape", step.OutputShape);
            json.WriteString("kernel", step.Step.KernelName);
            json.WriteString("place", PlaceOf(step.Output));
            json.WriteNumber("weightBytes", BytesOf(step));
            json.WriteNumber("scratchBytes", plan.WorkspaceBytesOf(step));
            json.WriteNumber("multiplyAdds", step.MultiplyAdds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("memory");
        json.WriteNumber("arenaBytes", Bytes(plan.Memory.Length));
        json.WriteNumber("lowerBoundBytes", Bytes(plan.Memory.LowerBound));
        json.WriteString("strategy", plan.Memory.Strategy);
        json.WriteNumber("scratchBytes", plan.WorkspaceLength);
        json.WriteNumber("weightBytes", plan.ConstantBytes);
        json.WriteNumber("batch", plan.MaxBatch);
        json.WriteEndObject();
    }

    private static void WriteSteps(TextWriter output, ExecutionPlan plan)
    {
        List<string[]> rows = [["Step", "Computes", "Output", "Kernel", "Place", "Weights B", "Scratch B"]];
        foreach (PlanStep step in plan.Steps)
            rows.Add([step.Name, step.Kind, step.OutputShape.ToString(), step.Step.KernelName ?? "", PlaceOf(step.Output), Number(BytesOf(step)), Number(plan.WorkspaceBytesOf(step))]);
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
            output.WriteLine(string.Join("  ", row.Select((cell, column) => column < FirstNumber ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))));
    }

    // What lies inside a concatenation has pixels that are further apart than they are long.
    private static string PlaceOf(Operand operand)
    {
        string start = operand.Place switch
        {
            OperandPlace.Arena => $"arena +{Bytes(operand.Offset + operand.Channel)}",
            _ when operand.Channel > 0 => $"output {operand.Offset + 1} +{Bytes(operand.Channel)}",
            _ => $"output {operand.Offset + 1}",
        };
        return operand.Pitch == 0 ? start : $"{start} pitch {Bytes(operand.Pitch)}";
    }

    private static long Bytes(long floats) => floats * sizeof(float);

    private static long BytesOf(PlanStep step) => Bytes(step.ConstantLength);

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
