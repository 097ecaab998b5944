using System.Text.Json;
using CnnFast.Kernels;

namespace CnnFast.Graphs;

/// <summary>
/// What a node computes: its attributes, its shape inference, its parameters and the steps that run it. Immutable; holds no sizes of
/// any one model and no weights. A new operation is one subclass and one line in <see cref="OperationRegistry"/>.
/// </summary>
internal abstract record Operation
{
    /// <summary>The word that users and files know it by, such as <c>Conv2D</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>What model files call it: the same word, unless another operation has it; null where no file may hold it.</summary>
    public virtual string? FileKind => Kind;

    /// <summary>What automatic names start with, such as <c>conv2d</c>.</summary>
    public abstract string NamePrefix { get; }

    /// <summary>The fewest inputs.</summary>
    public virtual int MinInputs => 1;

    /// <summary>The most inputs.</summary>
    public virtual int MaxInputs => MinInputs;

    /// <summary>Throws unless every attribute is in its range.</summary>
    /// <param name="who">Starts the sentence, such as <c>Conv2D 'stem'</c>.</param>
    /// <exception cref="ArgumentException">An attribute is out of range.</exception>
    public virtual void Validate(string who)
    {
    }

    /// <summary>
    /// Throws unless the inputs fit one another, where a sentence has to name them; called before <see cref="InferShape"/>.
    /// </summary>
    /// <exception cref="ShapeException">They do not fit.</exception>
    public virtual void RequireInputs(string name, IReadOnlyList<ValueInfo> inputs)
    {
    }

    /// <summary>The shape of the output for inputs of these shapes, batch first.</summary>
    /// <exception cref="ShapeException">The shapes do not fit; the message names the layer and gives whole shapes.</exception>
    public abstract Shape InferShape(string name, IReadOnlyList<Shape> inputs);

    /// <summary>What the elements of the output are for inputs of these types.</summary>
    /// <exception cref="NotSupportedException">It does not work on such elements; the message names the node and the types.</exception>
    public virtual ElementType InferType(string name, IReadOnlyList<ElementType> inputs)
    {
        foreach (ElementType type in inputs)
        {
            if (type != ElementType.Float32)
                throw new NotSupportedException($"{Who(name)}: an input is of {type}; expected Float32.");
        }

        return ElementType.Float32;
    }

    /// <summary>
    /// Whether sample i of the output depends on sample i of the inputs alone and on whole values, so that one step serves any number of
    /// samples. The first dimension is the batch; a whole value has 1 there or fewer dimensions.
    /// </summary>
    /// <param name="inputs">The shapes of the inputs, with the batch.</param>
    /// <param name="isWhole">Which inputs have no batch.</param>
    public virtual bool KeepsBatch(IReadOnlyList<Shape> inputs, IReadOnlyList<bool> isWhole) => !isWhole.Contains(true);

    /// <summary>The parameters for inputs of these shapes.</summary>
    public virtual IReadOnlyList<ParameterInfo> DescribeParameters(string name, IReadOnlyList<Shape> inputs) => [];

    /// <summary>Multiply-adds of a forward run for inputs of these shapes.</summary>
    public virtual long CountMultiplyAdds(string name, IReadOnlyList<Shape> inputs) => 0;

    /// <summary>Whether the output is the first input's memory under another shape, so that nothing runs.</summary>
    /// <param name="training">Whether it runs in training.</param>
    public virtual bool IsView(bool training) => false;

    /// <summary>The function of single elements that it is, as operators apply it to their sums; null where it is something else.</summary>
    public virtual Epilogue? AsEpilogue => null;

    /// <summary>
    /// Whether the output changes smoothly with the inputs; where it does not, as that of comparisons and roundings, no gradient goes
    /// through it. Elements that are no floats have none either.
    /// </summary>
    public virtual bool HasGradient => true;

    /// <summary>Whether the output may take the memory of an input that nobody reads afterwards.</summary>
    /// <param name="input">Which input; it has the length of the output.</param>
    public virtual bool CanOverwrite(int input) => false;

    /// <summary>Whether inference steps can write pixels (the last dimension) that lie apart, as they do inside a concatenation.</summary>
    public virtual bool SupportsOutputPitch => false;

    /// <summary>Whether inference steps can read pixels that lie apart.</summary>
    public virtual bool SupportsInputPitch => false;

    /// <summary>Writes the attributes as members of the object that is open.</summary>
    public virtual void WriteAttributes(Utf8JsonWriter json)
    {
    }

    /// <summary>Creates the step that computes the output.</summary>
    public abstract ForwardStep CreateForward(NodeShapes shapes);

    /// <summary>Creates the step that computes the output in training.</summary>
    /// <param name="shapes">The sizes.</param>
    /// <param name="needs">What the backward step has to compute, and whether the batch's statistics are wanted.</param>
    public virtual ForwardStep CreateTrainingForward(NodeShapes shapes, GradientNeeds needs) => CreateForward(shapes);

    /// <summary>Creates the step that computes the gradients of the inputs and parameters.</summary>
    /// <param name="shapes">The sizes.</param>
    /// <param name="needs">Which gradients are wanted; at least one.</param>
    public abstract BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs);

    /// <summary>The start of an error sentence about a layer.</summary>
    protected string Who(string name) => $"{Kind} '{name}'";
}
