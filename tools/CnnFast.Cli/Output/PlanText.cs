using System.Globalization;
using System.Text.Json;

namespace CnnFast.Cli;

/// <summary>Shows how a model was rewritten and placed for inference.</summary>
internal static class PlanText
{
    /// <summary>Writes the passes, the steps and the memory as text.</summary>
    public static void Write(CommandHost host, PlanInfo plan)
    {
        TextWriter output = host.Output;
        output.WriteLine();
        if (plan.Passes.All(pass => pass.Notes.Count == 0))
            output.WriteLine("No pass found anything to rewrite.");
        foreach (PassReport pass in plan.Passes.Where(pass => pass.Notes.Count > 0))
        {
            output.WriteLine($"Pass {pass.Pass}: {pass.NodesBefore} nodes to {pass.NodesAfter}");
            foreach (string note in pass.Notes)
                output.WriteLine($"  {note}");
        }

        output.WriteLine();
        WriteSteps(host, plan);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Arena {plan.ArenaBytes:N0} bytes ({plan.Strategy}; no plan can take less than {plan.MinArenaBytes:N0})"));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Scratch {plan.ScratchBytes:N0} bytes, packed weights {plan.WeightBytes:N0}, batch {plan.MaxBatch}"));
    }

    /// <summary>Writes the same as members of the object that is open.</summary>
    public static void WriteJson(Utf8JsonWriter json, PlanInfo plan)
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
        foreach (PlanStepInfo step in plan.Steps)
        {
            json.WriteStartObject();
            json.WriteString("name", step.Name);
            json.WriteString("kind", step.Kind);
            json.WriteShape("outputShape", step.OutputShape);
            json.WriteString("kernel", step.Kernel);
            json.WriteString("place", step.Place);
            json.WriteNumber("weightBytes", step.WeightBytes);
            json.WriteNumber("scratchBytes", step.ScratchBytes);
            json.WriteNumber("multiplyAdds", step.MultiplyAdds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("memory");
        json.WriteNumber("arenaBytes", plan.ArenaBytes);
        json.WriteNumber("lowerBoundBytes", plan.MinArenaBytes);
        json.WriteString("strategy", plan.Strategy);
        json.WriteNumber("scratchBytes", plan.ScratchBytes);
        json.WriteNumber("weightBytes", plan.WeightBytes);
        json.WriteNumber("batch", plan.MaxBatch);
        json.WriteEndObject();
    }

    private static void WriteSteps(CommandHost host, PlanInfo plan)
    {
        TextTable table = new TextTable(host).Name("Step").Name("Computes").Name("Output").Name("Kernel", rank: 1).Name("Place", rank: 2)
            .Number("Weights B").Number("Scratch B");
        foreach (PlanStepInfo step in plan.Steps)
            table.Row(step.Name, step.Kind, step.OutputShape.ToString(), step.Kernel ?? "", step.Place, Number(step.WeightBytes),
                Number(step.ScratchBytes));
        table.Write();
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
