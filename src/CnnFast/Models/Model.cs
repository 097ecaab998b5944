using System.IO.Enumeration;
using CnnFast.Compile;
using CnnFast.Data;
using CnnFast.Files;
using CnnFast.Graphs;
using CnnFast.Layers;
using CnnFast.Storage;

namespace CnnFast;

/// <summary>
/// A network with its weights. Its layers and shapes never change; the values of its parameters change only through a trainer or
/// <see cref="Parameter.Assign"/>. Any number of threads may read and run one model as long as nobody trains it at the same time; an
/// <see cref="InferenceSession"/> copies the weights when it is created and is not touched by later training. Needs no Dispose.
/// </summary>
public sealed class Model
{
    // A run of Predict takes many samples at once as long as their activations stay small.
    private const int PredictBatch = 32;
    private const long PredictBytes = 64 << 20;

    private readonly Lock _lock = new();
    private PooledPlan? _pooled;
    private long _pooledVersion;

    internal Model(Graph graph, string? name)
    {
        Graph = graph;
        Name = name;
        Inputs = [.. graph.Inputs.Select(Describe)];
        Outputs = [.. graph.Outputs.Select(Describe)];
        Layers = DescribeLayers(graph);
        ParameterCount = graph.Parameters.Sum(parameter => (long)parameter.Shape.ElementCount);
        MultiplyAdds = Layers.Sum(layer => layer.MultiplyAdds);
    }

    /// <summary>The name that was given, or null.</summary>
    public string? Name { get; }

    /// <summary>The inputs, in the order in which the model was built with them.</summary>
    public IReadOnlyList<TensorInfo> Inputs { get; }

    /// <summary>The outputs, in the order in which the model was built with them.</summary>
    public IReadOnlyList<TensorInfo> Outputs { get; }

    /// <summary>The shape of one sample of the first, most often the only, input, without the batch.</summary>
    public Shape InputShape => Graph.Inputs[0].Shape;

    /// <summary>The shape of one sample of the first, most often the only, output, without the batch.</summary>
    public Shape OutputShape => Graph.Outputs[0].Shape;

    /// <summary>The inputs and the layers, in the order in which they run.</summary>
    public IReadOnlyList<LayerInfo> Layers { get; }

    /// <summary>The parameters, in the order of the layers.</summary>
    public IReadOnlyList<Parameter> Parameters => Graph.Parameters;

    /// <summary>The number of weights.</summary>
    public long ParameterCount { get; }

    /// <summary>Multiply-adds of one sample.</summary>
    public long MultiplyAdds { get; }

    /// <summary>
    /// How the bytes of an image become inputs of this model: what it was trained with, saved with it so that evaluation and
    /// prediction do the same. Set by the trainer with its first step; value / 255 in a fresh model.
    /// </summary>
    /// <exception cref="ShapeException">It has factors for more than one channel, and no input has as many.</exception>
    public Normalization Normalization
    {
        get;
        set
        {
            if (value.Channels > 1 && !HasDimension(value.Channels))
                throw new ShapeException($"Model.Normalization has factors for {value.Channels} channels; the inputs of the model are " +
                    $"{string.Join(", ", Inputs.Select(input => input.Shape))}: expected as many, or one of each for all.");
            field = value;
        }
    }

    /// <summary>
    /// The activation that the first output ends in, such as <c>Softmax</c> or <c>Sigmoid</c>, behind layers that only change the shape;
    /// null where there is none.
    /// </summary>
    public string? OutputActivation => GraphEnd.ActivationOf(GraphEnd.LastOf(Graph, Graph.Outputs[0])?.Operation);

    /// <summary>
    /// What the classes of the first output are called, or null where nobody says: as many as its last dimension. Saved with the model. Set
    /// by the trainer where the data set says it (<see cref="IDataset.ClassNames"/>).
    /// </summary>
    /// <exception cref="ArgumentException">There is not a name for each class, or one is not of 1 to 200 characters that can be printed.
    /// </exception>
    public IReadOnlyList<string>? ClassNames
    {
        get;
        set => field = value is null ? null : ClassNameCheck.Require("Model.ClassNames", value, ClassCount);
    }

    internal Graph Graph { get; }

    /// <summary>The last dimension of the first output.</summary>
    internal int ClassCount => OutputShape.Rank == 0 ? 1 : OutputShape.Dimensions[^1];

    /// <summary>Whether it comes from another format and may hold what is no layer.</summary>
    internal bool IsImported { get; init; }

    /// <summary>The most bytes of activations, scratch memory and packed weights of one run.</summary>
    internal long MaxRunBytes { get; init; } = long.MaxValue;

    /// <summary>The graph for another shape of the input's samples; where it is null, the layers' shapes are inferred anew.</summary>
    internal Func<Shape, Graph>? Resize { get; init; }

    /// <summary>The graph for another shape of the only input's samples.</summary>
    /// <exception cref="ShapeException">A layer does not fit.</exception>
    internal Graph GraphFor(Shape sample) => Resize is null ? GraphResize.WithInput(Graph, sample) : Resize(sample);

    // Imported models may have the channels in another place than the last. Called with every step of a training: allocates nothing.
    private bool HasDimension(int size)
    {
        for (int i = 0; i < Inputs.Count; i++)
        {
            if (Inputs[i].Shape.Dimensions.Contains(size))
                return true;
        }

        return false;
    }

    /// <summary>Rises with every change of a parameter.</summary>
    internal long ParameterVersion
    {
        get
        {
            long version = 0;
            foreach (Parameter parameter in Graph.Parameters)
                version += parameter.Version;
            return version;
        }
    }

    /// <summary>Builds a model from a description made with <see cref="Layers.Layer.Apply"/>.</summary>
    /// <param name="input">The input.</param>
    /// <param name="output">What the last layer computes.</param>
    /// <param name="seed">Decides the random start of the parameters: the same seed gives the same bits everywhere.</param>
    /// <param name="name">A name for the model.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ShapeException">A layer does not fit what it reads; the message names it and gives the shapes.</exception>
    /// <exception cref="ArgumentException">Two layers have the same name, a layer has too few or too many inputs, or the output does not
    /// depend on this input alone.</exception>
    public static Model Build(Input input, ModelNode output, ulong seed = 0, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        return Build([input], [output], seed, name);
    }

    /// <summary>Builds a model with several inputs or outputs.</summary>
    /// <param name="inputs">The inputs; each must lead to an output.</param>
    /// <param name="outputs">What callers receive; each is what a layer computes, and its name is the layer's.</param>
    /// <param name="seed">Decides the random start of the parameters: the same seed gives the same bits everywhere.</param>
    /// <param name="name">A name for the model.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ShapeException">A layer does not fit what it reads; the message names it and gives the shapes.</exception>
    /// <exception cref="ArgumentException">There is no input or output, one is given twice, two layers have the same name, a layer has too
    /// few or too many inputs, or an output depends on an input that is not given.</exception>
    public static Model Build(IReadOnlyList<Input> inputs, IReadOnlyList<ModelNode> outputs, ulong seed = 0, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputs);
        if (name is not null)
            LayerName.Check("Model", name);
        return new Model(ModelGraphBuilder.Build(inputs, outputs, seed), name);
    }

    /// <summary>Reads a model that <see cref="Save(string)"/> wrote. The file alone is enough; it is treated as untrusted.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The model.</returns>
    /// <exception cref="DataFormatException">The file is no model, is damaged, or was written by a newer version.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static Model Load(string path) => ModelFile.Load(path);

    /// <summary>The model in a file that was read already, for programs that want the tensors or the metadata too.</summary>
    /// <param name="file">The file that <see cref="Save(string)"/> wrote.</param>
    /// <returns>The model.</returns>
    /// <exception cref="DataFormatException">The file is no model, is damaged, or was written by a newer version.</exception>
    public static Model Load(SafetensorsFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return ModelFile.Load(file);
    }

    /// <summary>
    /// The same model with what given layers compute as its outputs: to see values inside, or to take features before the last layer. It
    /// shares the parameters; layers that the outputs do not need are left out, the inputs all stay. Thread-safe.
    /// </summary>
    /// <param name="layers">The layers, by their names in <see cref="Layers"/>, in the order that the outputs are to have.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ArgumentException">No layer is named, one is not there, or one is named twice.</exception>
    public Model WithOutputs(params IReadOnlyList<string> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        return EndingAt("Model.WithOutputs", [.. layers]);
    }

    /// <summary>
    /// The model up to a layer, whose values become its only output: the body of a net without its head. It shares the parameters, as
    /// <see cref="WithOutputs"/> does. Thread-safe.
    /// </summary>
    /// <param name="layer">The last layer to stay, by its name in <see cref="Layers"/>.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ArgumentException">There is no such layer.</exception>
    public Model Cut(string layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return EndingAt("Model.Cut", [layer]);
    }

    /// <summary>
    /// The model up to what its last layer with a filter reads: a classifier without the layer that knows its classes and what follows it.
    /// It shares the parameters. Thread-safe.
    /// </summary>
    /// <returns>The model.</returns>
    /// <exception cref="ArgumentException">No layer has a filter, or nothing comes before the last one: <see cref="Cut"/> names a
    /// layer.</exception>
    public Model WithoutHead()
    {
        Node head = Graph.Nodes.LastOrDefault(node => node.Parameters.Any(parameter => parameter.Info.Role == ParameterRole.Filter))
            ?? throw new ArgumentException("Model.WithoutHead: no layer has a filter; expected one, or a layer for Cut.");
        Node body = Graph.Nodes.FirstOrDefault(node => node.Output.Id == head.Inputs[0].Id)
            ?? throw new ArgumentException($"Model.WithoutHead: nothing comes before '{head.Name}', the last layer with a filter.");
        return Cut(body.Name);
    }

    /// <summary>
    /// The model with further layers after its only output, such as a new head on a body that was <see cref="Cut"/>. It has copies of the
    /// parameters, frozen where they are frozen here, so that training it changes nothing here; the layers keep their names.
    /// </summary>
    /// <param name="layers">The layers in order; at least one.</param>
    /// <param name="seed">Decides the random start of the new layers.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ShapeException">A layer does not fit what it reads.</exception>
    /// <exception cref="ArgumentException">There is no layer, or this model has several outputs or one without samples.</exception>
    /// <exception cref="NotSupportedException">This model was imported, and a node has an attribute that models of layers do not hold.
    /// </exception>
    /// <example>
    /// <code>
    /// Model body = OnnxModel.Load("backbone.onnx").ToModel(layout: OnnxLayout.Nhwc).Cut("relu_17");
    /// body.Freeze("*");
    /// Model model = body.WithHead([new GlobalAveragePool2D(), new Dense(4), new Softmax()], seed: 1);
    /// </code>
    /// </example>
    public Model WithHead(IReadOnlyList<Layer> layers, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count == 0)
            throw new ArgumentException("Model.WithHead: no layer was given; expected at least one.", nameof(layers));
        if (Outputs.Count != 1 || !Outputs[0].HasBatch)
            throw new ArgumentException($"Model.WithHead: the model has {Outputs.Count} outputs, or one that is not of samples; expected " +
                "one output with a value for every sample: Cut takes one of several.");
        return new Model(ModelGraphBuilder.Extend(this, [.. layers], seed), Name)
        {
            IsImported = IsImported,
            MaxRunBytes = MaxRunBytes,
            Normalization = Normalization,
        };
    }

    /// <summary>
    /// Uses the model as a part of another that is being described. The new model has copies of the parameters, frozen where they are
    /// frozen here; a model that is applied several times in one description has one copy, which its uses share.
    /// </summary>
    /// <param name="input">What it reads, of <see cref="InputShape"/>.</param>
    /// <returns>What it computes.</returns>
    /// <exception cref="ArgumentException">The model has several inputs or outputs.</exception>
    public ModelNode Apply(ModelNode input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Outputs.Count == 1
            ? Apply([input])[0]
            : throw new ArgumentException($"Model.Apply: the model has {Outputs.Count} outputs; expected one: give a list of inputs.");
    }

    /// <summary>The same for models with several inputs or outputs.</summary>
    /// <param name="inputs">What it reads, in the order of <see cref="Inputs"/>.</param>
    /// <returns>What it computes, in the order of <see cref="Outputs"/>.</returns>
    /// <exception cref="ArgumentException">There are more or fewer inputs than the model has.</exception>
    public IReadOnlyList<ModelNode> Apply(IReadOnlyList<ModelNode> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Count != Inputs.Count)
            throw new ArgumentException($"Model.Apply: {inputs.Count} inputs were given; expected {Inputs.Count}.");
        foreach (ModelNode input in inputs)
            ArgumentNullException.ThrowIfNull(input, nameof(inputs));
        var call = new ModelCall(this, [.. inputs]);
        return [.. Enumerable.Range(0, Outputs.Count).Select(output => new ModelNode(call, output))];
    }

    /// <summary>
    /// Freezes parameters: training leaves them as they are, and of a <see cref="Layers.BatchNormalization"/> that is frozen as a whole
    /// the moving statistics stay and are what it normalises with. Kept in the model's file.
    /// </summary>
    /// <param name="pattern">
    /// Names of parameters or layers, such as <c>conv2d_1.filter</c>, <c>block1/*</c> or <c>*</c>: <c>*</c> stands for any characters,
    /// <c>?</c> for one.
    /// </param>
    /// <returns>How many parameters it names.</returns>
    /// <exception cref="ArgumentException">It names none.</exception>
    public int Freeze(string pattern) => SetTrainable(nameof(Freeze), pattern, trainable: false);

    /// <summary>Undoes <see cref="Freeze"/>.</summary>
    /// <param name="pattern">Names of parameters or layers, as for <see cref="Freeze"/>.</param>
    /// <returns>How many parameters it names.</returns>
    /// <exception cref="ArgumentException">It names none.</exception>
    public int Unfreeze(string pattern) => SetTrainable(nameof(Unfreeze), pattern, trainable: true);

    /// <summary>
    /// Writes the model as a safetensors file: the weights as tensors, the architecture and the normalisation as metadata. An existing file
    /// is replaced when the new one is complete, so that a crash leaves the old one whole. A model that was imported from another format is
    /// written as it is, for inputs of its sizes.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="NotSupportedException">A node of an imported model has an attribute that model files do not hold;
    /// the message names it.</exception>
    /// <exception cref="DataFormatException">The file of an imported model, which its weights are read from, has become shorter or was
    /// written over since it was opened.</exception>
    /// <exception cref="IOException">The file cannot be written, or that of an imported model cannot be read any more.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void Save(string path) => ModelFile.Save(this, path);

    /// <summary>Writes the bytes of such a file to a stream, from its current position; the stream stays open.</summary>
    /// <param name="destination">Where the bytes go.</param>
    /// <exception cref="NotSupportedException">A node of an imported model has an attribute that model files do not hold;
    /// the message names it.</exception>
    /// <exception cref="DataFormatException">The file of an imported model, which its weights are read from, has become shorter or was
    /// written over since it was opened.</exception>
    /// <exception cref="IOException">The stream failed, or the file of an imported model cannot be read any more.</exception>
    public void Save(Stream destination) => ModelFile.Save(this, destination);

    /// <summary>
    /// Computes the output for any whole number of samples on the calling thread. A convenience: it allocates the result, and packs the
    /// weights again after they changed; an <see cref="InferenceSession"/> does neither. Thread-safe.
    /// </summary>
    /// <param name="input">The samples one after the other, each of <see cref="InputShape"/>.</param>
    /// <returns>The outputs one after the other, each of <see cref="OutputShape"/>.</returns>
    /// <exception cref="ShapeException">The length is not that of one or more whole samples.</exception>
    /// <exception cref="InvalidOperationException">The model has several inputs or outputs.</exception>
    /// <exception cref="DataFormatException">The file of an imported model, which its weights are read from, has become shorter or was
    /// written over since it was opened.</exception>
    /// <exception cref="IOException">The file of an imported model cannot be read any more.</exception>
    public float[] Predict(ReadOnlySpan<float> input)
    {
        if (Inputs.Count != 1 || Outputs.Count != 1)
            throw new InvalidOperationException($"Model.Predict: the model has {Inputs.Count} inputs and {Outputs.Count} outputs; " +
                "expected one of each: use an InferenceSession.");
        int inputLength = InputShape.ElementCount;
        int outputLength = OutputShape.ElementCount;
        if (input.IsEmpty || input.Length % inputLength != 0)
            throw new ShapeException($"Model.Predict: the input has {input.Length} values; expected a whole number of samples of " +
                $"{inputLength} {ShapeText.OfSample(InputShape)}.");
        long samples = input.Length / inputLength;
        if (samples * outputLength > Array.MaxLength)
            throw new ShapeException($"Model.Predict: the outputs of {samples} samples have {samples * outputLength} values; " +
                $"expected at most {Array.MaxLength}: predict fewer samples at once.");
        PooledPlan pooled = PlanForPredict();
        int batch = pooled.Plan.MaxBatch;
        var output = new float[samples * outputLength];
        for (int done = 0; done < samples; done += batch)
        {
            int n = (int)Math.Min(batch, samples - done);
            pooled.Run(n, input.Slice(done * inputLength, n * inputLength), output.AsSpan(done * outputLength, n * outputLength),
                CancellationToken.None);
        }

        return output;
    }

    /// <summary>A table of the layers: output shapes, parameters, multiply-adds, and the totals.</summary>
    /// <returns>The table, several lines.</returns>
    public string Summary() => ModelSummary.Write(this);

    /// <summary>The name, the inputs and outputs with their shapes, and how many parameters there are.</summary>
    public override string ToString() => $"{Name ?? "Model"}: {Describe(Inputs)} to {Describe(Outputs)}, {ParameterCount} parameters";

    private static TensorInfo Describe(ValueInfo value) =>
        new(value.Name, value.Shape) { ElementType = value.Type, HasBatch = !value.IsWhole };

    // One alone goes without its name.
    private static string Describe(IReadOnlyList<TensorInfo> tensors) =>
        string.Join(", ",
            tensors.Select(tensor => (tensors.Count == 1 ? "" : tensor.Name + " ") + ShapeText.Of(tensor.Shape, tensor.HasBatch)));

    private static LayerInfo[] DescribeLayers(Graph graph)
    {
        HashSet<int> outputs = [.. graph.Outputs.Select(output => output.Id)];
        var layers = new List<LayerInfo>();
        foreach (ValueInfo input in graph.Inputs)
            layers.Add(new LayerInfo(input.Name, "Input", [], input.Shape, 0, 0) { HasBatch = !input.IsWhole });
        var counted = new HashSet<Parameter>();
        foreach (Node node in graph.Nodes)
            layers.Add(Describe(node, outputs.Contains(node.Output.Id), counted));
        return [.. layers];
    }

    private static LayerInfo Describe(Node node, bool isOutput, HashSet<Parameter> counted)
    {
        string[] inputs = [.. node.Inputs.Select(value => value.Name)];
        long parameters = node.Parameters.Where(counted.Add).Sum(parameter => (long)parameter.Shape.ElementCount);
        return new LayerInfo(node.Name, node.Operation.Kind, inputs, node.Output.Shape, parameters, node.MultiplyAdds)
        {
            HasBatch = !node.Output.IsWhole,
            IsOutput = isOutput,
            Operation = node.Operation,
        };
    }

    private Model EndingAt(string who, string[] names)
    {
        Func<Shape, Graph>? resize = Resize;
        return new Model(SubGraph.EndingAt(who, Graph, names), Name)
        {
            IsImported = IsImported,
            MaxRunBytes = MaxRunBytes,
            Normalization = Normalization,
            ClassNames = names[0] == Outputs[0].Name ? ClassNames : null,
            Resize = resize is null ? null : sample => SubGraph.EndingAt(who, resize(sample), names),
        };
    }

    private int SetTrainable(string method, string pattern, bool trainable)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        Parameter[] named = [.. Parameters.Where(parameter => Matches(parameter.Name) ||
            Matches(parameter.Name[..parameter.Name.LastIndexOf('.')]))];
        if (named.Length == 0)
            throw new ArgumentException($"Model.{method}: no parameter or layer with parameters is named '{pattern}'.", nameof(pattern));
        foreach (Parameter parameter in named)
            parameter.Trainable = trainable;
        return named.Length;

        bool Matches(string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
    }

    private PooledPlan PlanForPredict()
    {
        lock (_lock)
        {
            long version = ParameterVersion;
            if (_pooled is null || _pooledVersion != version)
            {
                long sampleBytes = Layers.Sum(layer => (long)layer.OutputShape.ElementCount) * sizeof(float);
                int batch = Inputs[0].HasBatch ? (int)Math.Clamp(PredictBytes / sampleBytes, 1, PredictBatch) : 1;
                _pooled = new PooledPlan(new ExecutionPlan(Graph,
                    new PlanOptions(batch, SerialScheduler.Instance, ConvAlgorithm.Auto) { MaxRunBytes = MaxRunBytes }), Name);
                _pooledVersion = version;
            }

            return _pooled;
        }
    }
}
