using CnnFast.Onnx.Proto;
using CnnFast.Onnx.Reading;
using DataType = CnnFast.Onnx.Proto.TensorProto.Types.DataType;

namespace CnnFast.Onnx.Tests.Reading;

/// <summary>The rules of the format, each broken once.</summary>
public sealed class OnnxCheckerTests
{
    [Fact]
    public void A_sound_model_is_left_as_it_is()
    {
        ModelProto model = Protos.Everything();
        ModelProto before = model.Clone();
        Assert.Equal(17, OnnxChecker.Check(model, "m"));
        Assert.Equal(before, model);
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "com.example", Version = 1 });
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx", Version = 17 });
        model.Functions.Add(new FunctionProto { Domain = "com.example", Name = "Relu" });
        model.Graph.Input.Add(Protos.Value("w", 2));
        OnnxChecker.Check(model, "m");
    }

    [Fact]
    public void Nodes_out_of_order_are_sorted_and_stay_near()
    {
        var branch = new GraphProto { Node = { Protos.Node("Neg", ["late"], ["n"]) }, Output = { Protos.Value("n", 2) } };
        ModelProto model = Protos.Model(
            Protos.Node("Exp", ["x"], ["e"]),
            Protos.Node("If", ["x"], ["i"], Protos.Attribute("then_branch", branch)),
            Protos.Node("Add", ["i", "s"], ["y"]),
            Protos.Node("Sqrt", ["e"], ["s"]),
            Protos.Node("Abs", ["x"], ["late"]));
        OnnxChecker.Check(model, "m");
        Assert.Equal(["Exp", "Sqrt", "Abs", "If", "Add"], model.Graph.Node.Select(node => node.OpType));
    }

    [Fact]
    public void Cycles_are_refused()
    {
        Refused(Protos.Model(
            Protos.Node("Add", ["x", "b"], ["y"]),
            Protos.Node("Abs", ["b"], ["c"]),
            Protos.Node("Exp", ["c"], ["b"])),
            "'m': node 'the Exp' (Exp) needs, maybe by way of other nodes, what it writes itself; expected a graph without cycles.");
        Refused(Protos.Model(Protos.Node("Add", ["x", "y"], ["y"])), "needs, maybe by way");
    }

    [Fact]
    public void Values_are_written_once()
    {
        Broken("writes the value 'a', which is there already", m => m.Graph.Node[2].Output[0] = "a");
        Broken("writes the value 'x', which is there already", m => m.Graph.Node[2].Output.Add("x"));
        Broken("writes the value 'w', which is there already", m => m.Graph.Node[5].Output.Add("w"));
        Broken("writes the value 'a', which is there already", m => m.Graph.Node[4].Attribute[0].G.Node[0].Output[0] = "a");
        Broken("lists the input 'x' twice", m => m.Graph.Input.Add(Protos.Value("x", 2)));
        Broken("holds the initializer 'w' twice", m => m.Graph.Initializer.Add(Protos.Tensor("w", DataType.Float, 1)));
        Broken("lists the output 'y' twice", m => m.Graph.Output.Add(Protos.Value("y", 2)));
    }

    [Fact]
    public void Values_are_there()
    {
        Broken("'m': node 'the Add' (Add) needs the value 'none', which nothing writes", m => m.Graph.Node[1].Input[1] = "none");
        Broken("'m': node of output 'a' (Add) needs", m => (m.Graph.Node[1].Name, m.Graph.Node[1].Input[1]) = ("", "none"));
        Broken("needs the value 't'", m => m.Graph.Node[5].Input.Add("t"));
        Broken("nothing writes the graph's output 'none'", m => m.Graph.Output[0].Name = "none");
        Broken("has no outputs", m => m.Graph.Output.Clear());
        Broken("an input without a name", m => m.Graph.Input[0].Name = "");
        Broken("an initializer without a name", m => m.Graph.Initializer[0].Name = "");
    }

    [Fact]
    public void Versions_and_operator_sets()
    {
        Broken("holds no graph", m => m.Graph = null);
        Broken("as the version of its format", m => m.IrVersion = 0);
        Unsupported("is of version 2 of ONNX's format", m => m.IrVersion = 2);
        Unsupported("is of version 99 of ONNX's format", m => m.IrVersion = 99);
        Broken("is of the operator set '', which the model does not import", m => m.OpsetImport.Clear());
        Broken("imports version 0", m => m.OpsetImport[0].Version = 0);
        Broken("at the versions 17 and 18", m => m.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx", Version = 18 }));
        Broken("expected the name of an operator", m => m.Graph.Node[0].OpType = "");
        Broken("is of the operator set 'com.example', which the model does not import", m => m.Graph.Node[1].Domain = "com.example");
        Unsupported("'m': node 'the Add' (Add) is of the operator set 'com.example'; supported is ONNX's own",
            m => Import(m).Graph.Node[1].Domain = "com.example");
        Unsupported("calls a function that the model brings", m =>
        {
            Import(m).Graph.Node[1].Domain = "com.example";
            m.Functions.Add(new FunctionProto { Domain = "com.example", Name = "Add" });
        });

        static ModelProto Import(ModelProto model) =>
            model.With(m => m.OpsetImport.Add(new OperatorSetIdProto { Domain = "com.example", Version = 1 }));
    }

    [Fact]
    public void Attributes()
    {
        Broken("node 'the Transpose' (Transpose) has the attribute 'perm' twice",
            m => m.Graph.Node[2].Attribute.Add(Protos.Attribute("perm", 0)));
        Broken("has an attribute without a name", m => m.Graph.Node[2].Attribute[0].Name = "");
        Broken("attribute 'perm' is of type 0", m => m.Graph.Node[2].Attribute[0].Type = 0);
        Broken("attribute 'perm' is of type 77", m => m.Graph.Node[2].Attribute[0].Type = (AttributeProto.Types.AttributeType)77);
        Broken("attribute 'perm' is of type float but holds ints",
            m => m.Graph.Node[2].Attribute[0].Type = AttributeProto.Types.AttributeType.Float);
        Broken("attribute 'value' is of type tensor and holds none", m => m.Graph.Node[0].Attribute[0].T = null);
        Broken("stands for an attribute of a function", m => m.Graph.Node[2].Attribute[0].RefAttrName = "p");
        Broken("attribute 'value' has -1 as dimension 0", m => m.Graph.Node[0].Attribute[0].T.Dims[0] = -1);
        Unsupported("attribute 'perm' is of type sparsetensor",
            m => m.Graph.Node[2].Attribute[0].Type = AttributeProto.Types.AttributeType.SparseTensor);
    }

    [Fact]
    public void Types_and_what_is_not_supported()
    {
        Broken("the input 'x' has no type; expected", m => m.Graph.Input[0].Type = null);
        Broken("the input 'x' has no type of elements", m => m.Graph.Input[0].Type.TensorType.ElemType = 0);
        Broken("the input 'x' has a dimension of -2", m => m.Graph.Input[0].Type.TensorType.Shape.Dim[0].DimValue = -2);
        Broken("'m': tensor 'w' has -5 as dimension 0", m => m.Graph.Initializer[0].Dims[0] = -5);
        Unsupported("the input 'x' is a sequence", m => m.Graph.Input[0].Type.SequenceType = new TypeProto.Types.Other());
        Unsupported("the initializer 'thin' is sparse",
            m => m.Graph.SparseInitializer.Add(new SparseTensorProto { Values = Protos.Tensor("thin", DataType.Float, 1) }));
        Unsupported("the tensor 'w' has a quantization annotation",
            m => m.Graph.QuantizationAnnotation.Add(new TensorAnnotation { TensorName = "w" }));
    }

    private static void Broken(string part, Action<ModelProto> change) => Refused(Protos.Everything().With(change), part);

    private static void Refused(ModelProto model, string part) =>
        Assert.Contains(part, Assert.Throws<DataFormatException>(() => OnnxChecker.Check(model, "m")).Message, StringComparison.Ordinal);

    private static void Unsupported(string part, Action<ModelProto> change) =>
        Assert.Contains(part, Assert.Throws<NotSupportedException>(() => OnnxChecker.Check(Protos.Everything().With(change), "m")).Message,
            StringComparison.Ordinal);
}
