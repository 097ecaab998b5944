using CnnFast.Compile;
using CnnFast.Files;
using CnnFast.Graphs;
using CnnFast.Onnx.Export;
using CnnFast.Onnx.Format;
using CnnFast.Onnx.Import;
using CnnFast.Onnx.Proto;
using CnnFast.Onnx.Reading;
using Google.Protobuf;

namespace CnnFast.Onnx;

/// <summary>
/// A model of an ONNX file (<see href="https://onnx.ai"/>), and the way from a <see cref="Model"/> to such a file. What is not supported
/// throws when the file is loaded, and the message names the node. The weights stay in the file until a session packs them or somebody asks
/// for them, so that large models are in memory once; the file stays open as long as the model and the models made of it are in use, needs
/// no Dispose, and may be replaced or deleted but not be written over meanwhile: what reads weights then throws a
/// <see cref="DataFormatException"/>. Sessions have copies of their weights. Thread-safe.
/// </summary>
/// <remarks>
/// In files written here images are <c>[N, C, H, W]</c> and filters <c>[OC, C/G, KH, KW]</c>; the batch is the symbolic dimension <c>N</c>;
/// inputs and outputs keep their names. Dropout, which does nothing in inference, is left out.
/// </remarks>
public sealed class OnnxModel
{
    private const int MaxPlans = 8;
    private const int MaxKnown = 1024;

    private readonly Lock _lock = new();
    private readonly OnnxFile _file;
    private readonly ModelImport _import;
    private readonly List<(string Shapes, BoundModel Bound)> _bound = [];
    private readonly HashSet<string> _dependsOnData = [];
    private (string Key, Graph? Graph)? _first;

    private OnnxModel(OnnxFile file)
    {
        _file = file;
        _import = new ModelImport(file);
        Try();
    }

    /// <summary>The inputs that callers give, in the order of the file.</summary>
    public IReadOnlyList<OnnxTensorInfo> Inputs => _import.Inputs;

    /// <summary>
    /// The inputs that have a value in the file, which <see cref="Run(IReadOnlyDictionary{string, OnnxTensor})"/> takes
    /// another one for; often weights.
    /// </summary>
    public IReadOnlyList<OnnxTensorInfo> OptionalInputs => _import.OptionalInputs;

    /// <summary>The outputs, in the order of the file.</summary>
    public IReadOnlyList<OnnxTensorInfo> Outputs => _import.Outputs;

    /// <summary>The version of ONNX's operator set that the model is written for.</summary>
    public int Opset => _import.Opset;

    /// <summary>The nodes of the file, in an order in which they can run.</summary>
    public IReadOnlyList<OnnxNodeInfo> Nodes => _import.Nodes;

    /// <summary>What was converted on the way, such as weights of half precision; a sentence each.</summary>
    public IReadOnlyList<string> Notes
    {
        get
        {
            lock (_lock)
                return [.. _file.Notes, .. _import.Notes];
        }
    }

    /// <summary>Whether a file looks like an ONNX model: by its first bytes, or by its ending where there is no such file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Whether it does; <see cref="Load(string, OnnxImportOptions?)"/> says whether it is one.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static bool IsOnnx(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            return path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);
        using FileStream file = InputFile.Open(path, "a model");
        return OnnxSignature.IsOnnx(file, path);
    }

    /// <summary>Opens an ONNX file; it is treated as untrusted. External data are looked for in its folder.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">The limits; the defaults when not given.</param>
    /// <returns>The model.</returns>
    /// <exception cref="DataFormatException">The file is damaged, or asks for more than the options allow.</exception>
    /// <exception cref="NotSupportedException">The model holds something that is not supported; the message names the node, the operator
    /// and the attribute.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static OnnxModel Load(string path, OnnxImportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Create(OnnxFile.Open(path, options ?? new OnnxImportOptions()));
    }

    /// <summary>Reads an ONNX file that is in memory; it is treated as untrusted.</summary>
    /// <param name="file">The bytes of the file, not to be changed while the model is used.</param>
    /// <param name="options">The limits; the defaults when not given.</param>
    /// <returns>The model.</returns>
    /// <exception cref="DataFormatException">The file is damaged, or asks for more than the options allow.</exception>
    /// <exception cref="NotSupportedException">The model holds something that is not supported; the message names the node, the operator
    /// and the attribute.</exception>
    public static OnnxModel Load(ReadOnlyMemory<byte> file, OnnxImportOptions? options = null) =>
        Create(OnnxFile.Read(file, options ?? new OnnxImportOptions()));

    /// <summary>
    /// Computes the outputs of inputs of any shapes and types. A convenience: it allocates the results, and the first run of a set of
    /// shapes plans it. For a steady path with floats see <see cref="ToModel"/>.
    /// </summary>
    /// <param name="inputs">The inputs by name.</param>
    /// <returns>The outputs by name.</returns>
    /// <exception cref="ArgumentException">An input is missing, unknown, or of another type or shape than the model says.</exception>
    /// <exception cref="DataFormatException">A node does not fit the shapes; or the file, which weights are read from, has become shorter
    /// or was written over since it was opened.</exception>
    /// <exception cref="NotSupportedException">A node does something for these shapes that is not supported.</exception>
    /// <exception cref="IOException">The file cannot be read any more.</exception>
    public IReadOnlyDictionary<string, OnnxTensor> Run(IReadOnlyDictionary<string, OnnxTensor> inputs) => Run(inputs, new OnnxRunOptions());

    /// <summary>
    /// The same with options: other values than the outputs, threads, the way of convolutions. The first run of a set
    /// of options and shapes plans it.
    /// </summary>
    /// <param name="inputs">The inputs by name.</param>
    /// <param name="options">Which values are computed, and how.</param>
    /// <param name="cancellationToken">Asked between two nodes.</param>
    /// <returns>The wanted values by name, in ONNX's order.</returns>
    /// <exception cref="ArgumentException">An input or a wanted value is missing, unknown, or of another type or shape than the model says;
    /// or an option is out of its range.</exception>
    /// <exception cref="DataFormatException">A node does not fit the shapes; or the file, which weights are read from, has become shorter
    /// or was written over since it was opened.</exception>
    /// <exception cref="NotSupportedException">A node does something for these shapes that is not supported.</exception>
    /// <exception cref="IOException">The file cannot be read any more.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyDictionary<string, OnnxTensor> Run(
        IReadOnlyDictionary<string, OnnxTensor> inputs,
        OnnxRunOptions options,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        IReadOnlyList<OnnxTensorInfo> given = [.. Inputs, .. OptionalInputs.Where(input => inputs.ContainsKey(input.Name))];
        OnnxTensor[] ordered = InputChecks.InOrder(given, inputs);
        return BoundFor(given, ordered, options).Run(ordered, cancellationToken);
    }

    /// <summary>
    /// The model for an <see cref="InferenceSession"/>, for inputs of given sizes. Where every node treats the samples of a batch one
    /// by one, the model is for any number of samples, its shapes are those of one sample, and sessions take other sizes too;
    /// otherwise its shapes hold the first dimension as well. The models made of one file share their weights: training one, or
    /// assigning its parameters, changes the others and what <see cref="Run(IReadOnlyDictionary{string, OnnxTensor})"/> plans
    /// afterwards. Sessions that exist have copies.
    /// </summary>
    /// <param name="dimensions">The dimensions in ONNX's order of inputs that the file leaves open, by name; the first one, the batch, is 1
    /// where nothing else is said.</param>
    /// <param name="layout">How images lie in the caller's memory: as in the file, or channels last; images that the file has channels last
    /// already stay as they are.</param>
    /// <returns>The model. A Trainer takes it where every operation behind the first trained parameter has a gradient (docs/onnx-support.md
    /// lists them), channels last.</returns>
    /// <exception cref="ArgumentException">The dimensions do not fit what the file says, or one is open.</exception>
    /// <exception cref="DataFormatException">A node does not fit the shapes; or the file, which weights are read from, has become shorter
    /// or was written over since it was opened.</exception>
    /// <exception cref="NotSupportedException">A node does something for these shapes that is not supported.</exception>
    /// <exception cref="IOException">The file cannot be read any more.</exception>
    public Model ToModel(IReadOnlyDictionary<string, int[]>? dimensions = null, OnnxLayout layout = OnnxLayout.Nchw)
    {
        int[][] shapes = InputChecks.Dimensions(Inputs, dimensions);
        lock (_lock)
        {
            Graph? graph = _first is { } first && first.Key == Key(shapes, layout) ? first.Graph : Build(shapes, layout);
            if (graph is null)
                throw new NotSupportedException(
                    "An output of the model has no elements for these shapes; OnnxModel.Run gives such outputs.");
            string? name = _file.Model.Graph.Name;
            Func<Shape, Graph>? resize = graph.Inputs is [{ } only] ? sample => Resize(sample, only.IsWhole, layout) : null;
            var model = new Model(graph, string.IsNullOrEmpty(name) ? null : name)
            {
                Resize = resize,
                IsImported = true,
                MaxRunBytes = _file.Options.MaxRunBytes,
            };
            NormalizationMetadata.Read(_file.Model, model);
            model.ClassNames = ClassNamesMetadata.Of(_file.Model, model.ClassCount);
            return model;
        }
    }

    /// <summary>
    /// Writes a model as an ONNX file. An existing file is replaced when the new one is complete, so that a crash leaves the old one whole.
    /// </summary>
    /// <param name="model">The model; not to be trained while this runs.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">Operator set and layout; the defaults when not given.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="NotSupportedException">A layer has no ONNX form, or the weights exceed what one file holds; the
    /// message names the layer.</exception>
    /// <exception cref="DataFormatException">The file of an imported model, which its weights are read from, has become shorter or was
    /// written over since it was opened.</exception>
    /// <exception cref="IOException">The file cannot be written, or that of an imported model cannot be read any more.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Export(Model model, string path, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ModelProto proto = ModelExport.Create(model, options ?? new OnnxExportOptions());
        using AtomicFile file = AtomicFile.Create(path);
        proto.WriteTo(file.Stream);
        file.Commit();
    }

    /// <summary>Writes a model as ONNX to a stream, from its current position; the stream stays open.</summary>
    /// <param name="model">The model; not to be trained while this runs.</param>
    /// <param name="destination">Where the bytes go.</param>
    /// <param name="options">Operator set and layout; the defaults when not given.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="NotSupportedException">A layer has no ONNX form, or the weights exceed what one file holds; the
    /// message names the layer.</exception>
    /// <exception cref="DataFormatException">The file of an imported model, which its weights are read from, has become shorter or was
    /// written over since it was opened.</exception>
    /// <exception cref="IOException">The stream failed, or the file of an imported model cannot be read any more.</exception>
    public static void Export(Model model, Stream destination, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(destination);
        ModelExport.Create(model, options ?? new OnnxExportOptions()).WriteTo(destination);
    }

    private static OnnxModel Create(OnnxFile file)
    {
        try
        {
            return new OnnxModel(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    // Builds the graph once, so that what is not supported throws at load. Open dimensions are guessed; what does not fit a
    // guess may fit the sizes to come.
    private void Try()
    {
        foreach (int guess in (ReadOnlySpan<int>)[64, 224, 48])
        {
            int[][] shapes = [.. Inputs.Select(input =>
                input.Dimensions?.Select((dimension, i) => dimension >= 0 ? dimension : i == 0 ? 1 : guess).ToArray() ?? [])];
            if (Inputs.Any(input => input.Dimensions is null))
                return;
            try
            {
                _first = (Key(shapes, OnnxLayout.Nchw), Build(shapes, OnnxLayout.Nchw));
                return;
            }
            catch (DependsOnDataException) when (Inputs.Any(input =>
                input.Dimensions!.Aggregate(1L, (count, dimension) => count * Math.Max(dimension, 1)) <= MaxKnown))
            {
                // A run that gives the input says what the node needs.
                return;
            }
            catch (Exception e) when (e is DataFormatException or ShapeException && Inputs.Any(input => input.Dimensions!.Contains(-1)))
            {
                // The next guess.
            }
            catch (ShapeException e)
            {
                throw new DataFormatException($"'{_file.Name}': {e.Message}", e);
            }
        }
    }

    private static string Key(int[][] shapes, OnnxLayout layout) =>
        $"{layout}: {string.Join(';', shapes.Select(shape => string.Join(',', shape)))}";

    // Batched where the first dimension is open or 1 and every node allows it.
    private Graph? Build(int[][] shapes, OnnxLayout layout)
    {
        if (Inputs.Count > 0 && Inputs.All(input => input.Dimensions is null or [-1 or 1, ..]))
        {
            try
            {
                return _import.BuildGraph([.. shapes.Select(shape => (int[])[1, .. shape.Skip(1)])], isBatched: true, layout);
            }
            catch (NotBatchedException)
            {
                // Built for one size of batch below.
            }
        }

        return _import.BuildGraph(shapes, isBatched: false, layout);
    }

    private Graph Resize(Shape sample, bool isWhole, OnnxLayout layout)
    {
        int[] dimensions = isWhole ? sample.Dimensions.ToArray() : [1, .. sample.Dimensions];
        int[] order = _import.OrderFor(Inputs[0].Name, dimensions.Length, layout);
        var shape = new int[dimensions.Length];
        for (int i = 0; i < shape.Length; i++)
            shape[order[i]] = dimensions[i];
        InputChecks.RequireSampleFit(Inputs[0], shape, sample, order.AsSpan(isWhole ? 0 : 1));
        lock (_lock)
        {
            try
            {
                return _import.BuildGraph([shape], !isWhole, layout)
                    ?? throw new ShapeException($"For inputs of {sample} an output of the model has no elements.");
            }
            catch (Exception e) when (e is NotBatchedException or DataFormatException)
            {
                throw new ShapeException($"The model does not fit inputs of {sample}: {e.Message}", e);
            }
        }
    }

    // Inputs that say shapes, axes and the like are known in a run: where a node needs them, the graph is built for their values.
    private BoundModel BoundFor(IReadOnlyList<OnnxTensorInfo> described, OnnxTensor[] inputs, OnnxRunOptions options)
    {
        IReadOnlyList<string> wanted = options.Outputs ?? [.. Outputs.Select(output => output.Name)];
        string how = $"{options.MaxThreads} {options.ConvAlgorithm} {string.Join('\n', wanted)}";
        string optional = string.Join('/', described.Skip(Inputs.Count).Select(input => input.Name));
        lock (_lock)
        {
            for (int attempt = 0; ; attempt++)
            {
                OnnxTensor?[] known = [.. inputs.Select(input => IsKnown(input.ElementType, input.Count, attempt) ? input : null)];
                string key = $"{how} {attempt} {optional}: {string.Join(';', inputs.Zip(known, KeyOf))}";
                int found = _bound.FindIndex(entry => entry.Shapes == key);
                if (found >= 0)
                    return _bound[found].Bound;
                if (attempt < 2 && _dependsOnData.Contains(key))
                    continue;
                try
                {
                    (Graph Graph, IReadOnlyList<ImportedValue> Values) built = _import.Build(described,
                        [.. inputs.Select(input => input.Dimensions.ToArray())], known, wanted);
                    var plan = new PlanOptions(1, WorkScheduler.CreateForInference(options.MaxThreads), options.ConvAlgorithm)
                    {
                        MaxRunBytes = _file.Options.MaxRunBytes,
                    };
                    var bound = new BoundModel(built.Graph, [.. wanted.Zip(built.Values)], known, plan);
                    if (_bound.Count == MaxPlans)
                        _bound.RemoveAt(0);
                    _bound.Add((key, bound));
                    return bound;
                }
                catch (DependsOnDataException) when (attempt < 2)
                {
                    if (_dependsOnData.Count < MaxPlans)
                        _dependsOnData.Add(key);
                }
            }
        }
    }

    private static string KeyOf(OnnxTensor input, OnnxTensor? known) =>
        string.Join(',', input.Dimensions) + (known is null ? "" : $"={Convert.ToBase64String(known.Bytes.Span)}");

    // First none, then small tensors of whole numbers and truth values, then small ones of any type.
    private static bool IsKnown(ElementType type, int count, int attempt) =>
        attempt > 0 && count <= MaxKnown && (attempt > 1 || type != ElementType.Float32);
}
