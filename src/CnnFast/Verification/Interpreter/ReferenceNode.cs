using CnnFast.Graphs;

namespace CnnFast.Verification;

/// <summary>A node in a run of <see cref="ReferenceModel"/>, as the reference of its operation sees it.</summary>
internal sealed class ReferenceNode
{
    private readonly ReferenceModel _model;
    private readonly int _index;
    private readonly Dictionary<int, double[]> _statistics = [];

    public ReferenceNode(ReferenceModel model, Node node, int index)
    {
        _model = model;
        _index = index;
        Node = node;
    }

    public Node Node { get; }

    /// <summary>Samples.</summary>
    public int Batch => _model.Batch;

    /// <summary>Whether values are magnitudes.</summary>
    public bool IsAbsolute => _model.IsAbsolute;

    /// <summary>In an absolute run: whether 3×3 convolutions may be Winograd's, whose errors spread over tiles.</summary>
    public bool SpreadsTiles => _model.SpreadsTiles;

    /// <summary>In an absolute run: elements whose gradient roundings decide, because they lie at a kink within their bound.</summary>
    public int Kinks { get; set; }

    /// <summary>In an absolute run, the same node of the exact one that it follows.</summary>
    public ReferenceNode? Exact => _model.Exact?.NodeAt(_index);

    /// <summary>Whether it runs as in training.</summary>
    public bool Training => _model.Training;

    /// <summary>Whether statistics are those of the batch: in training, unless they are frozen.</summary>
    public bool TakesBatchStatistics =>
        Training && Node.Parameters.Any(parameter => parameter.Trainable && parameter.Info.IsStatistic);

    /// <summary>The random numbers of the node in training, as kernels draw them; null where it is to be without chance.</summary>
    public RandomKey? Key => _model.Key?.Of(_index);

    /// <summary>What forward keeps for backward, such as the sums before an activation.</summary>
    public double[] Kept { get; set; } = [];

    /// <summary>What the node has computed.</summary>
    public double[] Output => _model.Value(Node.Output);

    /// <summary>The shape of the output, with the batch.</summary>
    public Shape OutputShape => Node.Output.ShapeFor(Batch);

    /// <summary>The values of an input.</summary>
    public double[] Input(int index = 0) => _model.Value(Node.Inputs[index]);

    /// <summary>The shape of an input, with the batch.</summary>
    public Shape InputShape(int index = 0) => Node.Inputs[index].ShapeFor(Batch);

    /// <summary>The shape of an input as images [N, H, W, C]; rows are images of one pixel.</summary>
    public Shape InputImages(int index = 0) => Images(InputShape(index));

    /// <summary>The shape of the output as images [N, H, W, C]; rows are images of one pixel.</summary>
    public Shape OutputImages() => Images(OutputShape);

    /// <summary>Zeros for the output.</summary>
    public double[] NewOutput() => new double[OutputShape.ElementCount];

    /// <summary>The values of a parameter; magnitudes in an absolute run; none where the node has fewer.</summary>
    public double[] Parameter(int index) =>
        index >= 0 && index < Node.Parameters.Count ? _model.Parameters[Node.Parameters[index].Name] : [];

    /// <summary>The magnitude of a number of the operation in an absolute run; else the number.</summary>
    public double Magnitude(double value) => IsAbsolute ? Math.Abs(value) : value;

    /// <summary>Adds to the gradient of an input.</summary>
    public void AddGradient(int input, double[] gradient) => _model.AddGradient(Node.Inputs[input], gradient);

    /// <summary>Adds to the gradient of a parameter.</summary>
    public void AddParameterGradient(int parameter, double[] gradient) =>
        _model.AddParameterGradient(Node.Parameters[parameter].Name, gradient);

    /// <summary>Says what the batch's value of a parameter is that is a statistic: every node that holds it has its own.</summary>
    public void SetStatistic(int parameter, double[] values)
    {
        _statistics[parameter] = values;
        _model.SetStatistic(Node.Parameters[parameter].Name, values);
    }

    /// <summary>The batch's value of a statistic; null where the run did not come here backwards.</summary>
    public double[]? Statistic(int parameter) => _statistics.GetValueOrDefault(parameter);

    private static Shape Images(Shape shape) =>
        shape.Rank == 4 ? shape : Shape.Nhwc(shape[0], 1, 1, shape.ElementCount / shape[0]);
}
