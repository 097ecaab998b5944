using CnnFast.Compile;
using CnnFast.Graphs;

namespace CnnFast.Formats;

/// <summary>Turns an imported model into one of layers, which model files know. Parameters keep their values.</summary>
internal static class LayerModel
{
    private const int MostCharacters = 190;

    /// <summary>The model of layers: the same one where it was not imported.</summary>
    /// <exception cref="NotSupportedException">A node is no layer; the message names the first one.</exception>
    public static Model From(Model model)
    {
        if (!model.IsImported)
            return model;
        Graph graph = model.Graph;
        if (graph.Inputs.Concat(graph.Outputs).FirstOrDefault(value => value.IsWhole || value.Type != ElementType.Float32) is { } strange)
            throw new NotSupportedException($"Model files hold models of floats that treat samples one by one; '{strange.Name}' is {(strange.IsWhole ? "of one size of batch" : $"of {strange.Type}")}.");
        graph = graph with { Nodes = [.. graph.Nodes.Select(node => node with { Operation = LayerOf(node.Operation) })] };
        graph = GraphCompiler.Compile(graph, [new RemoveDeadNodes(), new RecognizeActivations(), new FuseLayers()]).Graph;
        foreach (Node node in graph.Nodes)
        {
            if (!OperationRegistry.Knows(node.Operation) || node.Inputs.Any(input => input.IsWhole))
                throw new NotSupportedException($"{node.Operation.Kind} '{node.Name}' is no layer that model files know; expected {string.Join(", ", OperationRegistry.Kinds)}.");
        }

        HashSet<int> computed = [.. graph.Nodes.Select(node => node.Output.Id)];
        if (graph.Outputs.Select(output => output.Id).Distinct().Count() != graph.Outputs.Count || graph.Outputs.FirstOrDefault(output => !computed.Contains(output.Id)) is not null)
            throw new NotSupportedException("An output of the model is one of its inputs, or the same as another output; model files hold outputs of different layers.");
        return new Model(Renamed(graph), model.Name is null ? null : Plain(model.Name)) { Normalization = model.Normalization };
    }

    // What layers are called in other words.
    private static Operation LayerOf(Operation operation) => operation switch
    {
        ClipOperation { Minimum: 0, Maximum: 6 } => new ActivationOperation(Activation.ReLU6),
        _ => operation,
    };

    // Names that may stand in files; a value has the name of the node that computes it.
    private static Graph Renamed(Graph graph)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var values = new Dictionary<int, ValueInfo>();
        var inputs = new List<ValueInfo>();
        foreach (ValueInfo input in graph.Inputs)
        {
            inputs.Add(input with { Name = Unique(taken, input.Name) });
            values.Add(input.Id, inputs[^1]);
        }

        // Outputs keep the names that callers know.
        Dictionary<int, string> outputs = graph.Outputs.ToDictionary(output => output.Id, output => Unique(taken, output.Name));
        var nodes = new List<Node>();
        foreach (Node node in graph.Nodes)
        {
            string name = outputs.TryGetValue(node.Output.Id, out string? known) ? known : Unique(taken, node.Name);
            ValueInfo output = node.Output with { Name = name };
            values.Add(output.Id, output);
            nodes.Add(new Node(name, node.Operation, [.. node.Inputs.Select(value => values[value.Id])], output, [.. node.Parameters.Select(parameter => Renamed(parameter, name))]));
        }

        return new Graph(inputs, [.. graph.Outputs.Select(output => values[output.Id])], nodes, graph.ValueCount);
    }

    private static Parameter Renamed(Parameter parameter, string layer)
    {
        string name = layer + parameter.Name[parameter.Name.LastIndexOf('.')..];
        if (name == parameter.Name)
            return parameter;
        var renamed = new Parameter(parameter.Info with { Name = name });
        renamed.Assign(parameter.Values);
        return renamed;
    }

    private static string Unique(HashSet<string> taken, string name)
    {
        string plain = Plain(name);
        string unique = plain;
        for (int i = 2; !taken.Add(unique); i++)
            unique = $"{plain}.{i}";
        return unique;
    }

    private static string Plain(string name)
    {
        char[] characters = [.. name.Take(MostCharacters).Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/' or ':' ? c : '_')];
        return characters.Length == 0 ? "_" : new string(characters);
    }
}
