package dev.bonsai.core;

import org.testng.annotations.BeforeMethod;

/** A proposal without weights for each test method. */
public abstract class ProposalTestBase extends ManagerTestBase {

    protected FakeProposal proposal;

    @BeforeMethod(dependsOnMethods = "openManager")
    public final void openProposal() {
        proposal = new FakeProposal(manager);
    }
}
