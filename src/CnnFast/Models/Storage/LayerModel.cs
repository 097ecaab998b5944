using CnnFast.Compile;
using CnnFast.Graphs;
using CnnFast.Kernels;

namespace CnnFast.Storage;

/// <summary>
/// Gives an imported model the form in which model files hold it: activations and scales that belong to a layer join it, names are those
/// that files allow. Parameters keep their values.
/// </summary>
internal static class LayerModel
{
    private const int MaxCharacters = 190;

    /// <summary>The model in that form: the same one where it was not imported.</summary>
    /// <exception cref="NotSupportedException">A node has an attribute that model files do not hold; the message names it.</exception>
    public static Model From(Model model)
    {
        if (!model.IsImported)
            return model;
        Graph graph = model.Graph;
        graph = graph with { Nodes = [.. graph.Nodes.Select(node => node with { Operation = LayerOf(node.Operation) })] };
        graph = GraphCompiler.Compile(graph, [new RemoveDeadNodes(), new RecognizeActivations(), new FuseLayers()]).Graph;
        foreach (Node node in graph.Nodes)
            RequireKnown(node);
        return new Model(Renamed(graph), model.Name is null ? null : Plain(model.Name))
        {
            Normalization = model.Normalization,
            ClassNames = model.ClassNames,
        };
    }

    // What layers are called in other words.
    private static Operation LayerOf(Operation operation) => operation switch
    {
        FunctionOperation { Epilogue: { Alpha: 0, Beta: 6 } epilogue } when epilogue.Function == ElementFunctions.Clip =>
            new FunctionOperation(Activation.ReLU6),
        _ => operation,
    };

    private static void RequireKnown(Node node)
    {
        string who = $"{node.Operation.Kind} '{node.Name}'";
        if (!OperationRegistry.Knows(node.Operation))
            throw new NotSupportedException($"{who}: model files do not know this operation.");
        try
        {
            node.Operation.Validate(who);
        }
        catch (ArgumentException e)
        {
            throw new NotSupportedException($"Model files do not hold it: {e.Message}", e);
        }
    }

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

        // Outputs keep the names that callers know; the first of several that are one value is computed by its node, the others are copies.
        string[] outputs = [.. graph.Outputs.Select(output => Unique(taken, output.Name))];
        HashSet<int> computed = [.. graph.Nodes.Select(node => node.Output.Id)];
        var names = new Dictionary<int, string>();
        for (int i = 0; i < outputs.Length; i++)
        {
            if (computed.Contains(graph.Outputs[i].Id))
                names.TryAdd(graph.Outputs[i].Id, outputs[i]);
        }

        var nodes = new List<Node>();
        var renamed = new Dictionary<Parameter, Parameter>();
        foreach (Node node in graph.Nodes)
        {
            string name = names.TryGetValue(node.Output.Id, out string? known) ? known : Unique(taken, node.Name);
            ValueInfo output = node.Output with { Name = name };
            values.Add(output.Id, output);
            nodes.Add(new Node(name, node.Operation, [.. node.Inputs.Select(value => values[value.Id])], output,
                [.. node.Parameters.Select(parameter => Renamed(renamed, parameter, name))]));
        }

        int count = graph.ValueCount;
        var results = new List<ValueInfo>();
        for (int i = 0; i < outputs.Length; i++)
        {
            ValueInfo value = values[graph.Outputs[i].Id];
            if (value.Name != outputs[i])
            {
                Operation copy = value.IsWhole
                    ? new ReshapeWholeOperation(value.Shape)
                    : new ReshapeOperation(value.Shape.Dimensions.ToArray());
                var node = new Node(outputs[i], copy, [value], value with { Id = count++, Name = outputs[i] }, []);
                RequireKnown(node);
                nodes.Add(node);
                value = node.Output;
            }

            results.Add(value with { Images = graph.Outputs[i].Images });
        }

        return new Graph(inputs, results, nodes, count);
    }

    // Nodes that share a parameter go on sharing it.
    private static Parameter Renamed(Dictionary<Parameter, Parameter> known, Parameter parameter, string layer)
    {
        if (known.TryGetValue(parameter, out Parameter? renamed))
            return renamed;
        string name = layer + parameter.Name[parameter.Name.LastIndexOf('.')..];
        renamed = parameter;
        if (name != parameter.Name)
        {
            renamed = new Parameter(parameter.Info with { Name = name });
            renamed.TakeFrom(parameter);
        }

        known.Add(parameter, renamed);
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
        char[] characters = [.. name.Take(MaxCharacters)
            .Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/' or ':' ? c : '_')];
        return characters.Length == 0 ? "_" : new string(characters);
    }
}
